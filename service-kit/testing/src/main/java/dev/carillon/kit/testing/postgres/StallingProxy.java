package dev.carillon.kit.testing.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Between a client and its server, on TCP: its connections can fall silent, as when a firewall forgets them, and never say so. */
public final class StallingProxy implements AutoCloseable {
    private final ServerSocket entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final String host;
    private final int port;
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private volatile boolean isolated;

    public StallingProxy(String host, int port) throws IOException {
        this.host = host;
        this.port = port;
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return entrance.getLocalPort();
    }

    /** What is connected passes nothing on any more; new connections work. */
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
    public void close() throws IOException {
        entrance.close();
        links.forEach(Link::close);
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                var link = new Link(entrance.accept(), new Socket(host, port));
                link.silent = isolated;
                links.add(link);
                link.start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static final class Link {
        private final Socket client;
        private final Socket server;
        private volatile boolean silent;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void start() {
            Thread.ofVirtual().start(() -> pass(client, server));
            Thread.ofVirtual().start(() -> pass(server, client));
        }

        private void pass(Socket from, Socket to) {
            var buffer = new byte[8192];
            try {
                for (int read = from.getInputStream().read(buffer);
                        read >= 0;
                        read = from.getInputStream().read(buffer)) {
                    if (!silent) {
                        to.getOutputStream().write(buffer, 0, read);
                    }
                }
                if (!silent) {
                    to.close();
                }
            } catch (IOException broken) {
                close();
            }
        }

        void close() {
            try {
                client.close();
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
