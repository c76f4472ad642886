package dev.carillon.backbone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** On the way to a server: its connections can be cut, or fall silent as when a firewall forgets them. New ones always work. */
final class CuttingProxy implements AutoCloseable {
    private final ServerSocket entrance;
    private final int server;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();

    CuttingProxy(int server) {
        this.server = server;
        try {
            this.entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return entrance.getLocalPort();
    }

    /** Both ends see their connection closed. */
    void cut() {
        links.forEach(Link::close);
    }

    /** What is connected passes nothing on any more, and no end is told. */
    void halfOpen() {
        links.forEach(link -> link.silent = true);
    }

    @Override
    public void close() {
        try {
            entrance.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                connect(entrance.accept());
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket client) throws IOException {
        try {
            var link = new Link(client, new Socket(InetAddress.getLoopbackAddress(), server));
            links.add(link);
            Thread.ofVirtual().start(() -> link.pass(client, link.server));
            Thread.ofVirtual().start(() -> link.pass(link.server, client));
        } catch (IOException serverIsAway) {
            client.close();
        }
    }

    private final class Link {
        private final Socket client;
        private final Socket server;
        private volatile boolean silent;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        private void pass(Socket from, Socket to) {
            var buffer = new byte[16_384];
            try {
                for (int read = from.getInputStream().read(buffer);
                        read >= 0;
                        read = from.getInputStream().read(buffer)) {
                    if (!silent) {
                        to.getOutputStream().write(buffer, 0, read);
                    }
                }
            } catch (IOException broken) {
                close();
            }
            if (!silent) {
                close();
            }
        }

        void close() {
            links.remove(this);
            try (client;
                    server) {
                silent = false;
            } catch (IOException alreadyClosed) {
                silent = false;
            }
        }
    }
}
