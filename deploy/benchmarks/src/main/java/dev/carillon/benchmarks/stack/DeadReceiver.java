package dev.carillon.benchmarks.stack;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Accepts every connection, reads what comes and never says a word, until its client has gone. */
final class DeadReceiver implements AutoCloseable {
    private static final int BACKLOG = 1024;

    private final ServerSocket server;
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

    DeadReceiver() throws IOException {
        server = new ServerSocket(0, BACKLOG);
        Thread.ofPlatform().daemon().name("dead-receiver").start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** How many there have been: about as many as calls, for each call ends its own. */
    int connections() {
        return connections.get();
    }

    private void accept() {
        try {
            while (true) {
                var client = server.accept();
                connections.incrementAndGet();
                clients.add(client);
                Thread.ofVirtual().name("dead-receiver").start(() -> read(client));
            }
        } catch (IOException closed) {
            // Nobody is to come any more.
        }
    }

    private void read(Socket client) {
        try (client) {
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException gone) {
            // So has the client.
        } finally {
            clients.remove(client);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (var client : clients) {
            client.close();
        }
    }
}
