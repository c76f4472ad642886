package dev.carillon.kit.testing.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Between clients and their server, on TCP: connections can be cut, or fall silent as when a firewall forgets them, and never say so. */
public final class BreakableProxy implements AutoCloseable {
    private final ServerSocket entrance;
    private final String host;
    private final int port;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private volatile boolean isolated;

    /** Listens on the loopback interface at {@link #port}. While the server is away, who connects is turned away. */
    public BreakableProxy(String host, int port) {
        this.host = host;
        this.port = port;
        try {
            this.entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return entrance.getLocalPort();
    }

    /** Both ends see their connection closed; new connections work. */
    public void cut() {
        links.forEach(Link::close);
    }

    /** What is connected passes nothing on any more, and no end is told; new connections work. */
    public void stall() {
        links.forEach(link -> link.silent = true);
    }

    /** As {@link #stall}, and new connections are as silent until {@link #heal}. */
    public void isolate() {
        isolated = true;
        stall();
    }

    /** New connections work again; those that were made before do not. */
    public void heal() {
        isolated = false;
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
            var link = new Link(client, new Socket(host, port));
            links.add(link);
            if (isolated) {
                link.silent = true;
            }
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
