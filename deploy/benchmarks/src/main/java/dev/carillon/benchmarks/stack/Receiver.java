package dev.carillon.benchmarks.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server that notes when each numbered request began to arrive, by this machine's clock, and answers 200. One thread; requests have a
 * {@code Content-Length} and at most 16 KiB.
 */
final class Receiver implements AutoCloseable {
    private static final int LARGEST_REQUEST = 16 * 1024;
    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Selector selector;
    private final ServerSocketChannel server;
    private final int port;
    private volatile Arrivals arrivals = new Arrivals(0);
    private volatile @Nullable Exception failure;

    Receiver() throws IOException {
        selector = Selector.open();
        server = ServerSocketChannel.open();
        // On every address of this machine: localhost may be either of two.
        server.bind(new InetSocketAddress(0), 1024);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        port = ((InetSocketAddress) server.getLocalAddress()).getPort();
        Thread.ofPlatform().daemon().name("receiver").start(this::serve);
    }

    int port() {
        return port;
    }

    String url() {
        return "http://localhost:" + port + "/hooks";
    }

    /** From now on what arrives is noted here. */
    void notes(Arrivals newOnes) {
        arrivals = newOnes;
    }

    /** @throws IllegalStateException when it has stopped receiving */
    void check() {
        var why = failure;
        if (why != null) {
            throw new IllegalStateException("the receiver has failed", why);
        }
    }

    private void serve() {
        try {
            while (selector.isOpen()) {
                selector.select(this::turn);
            }
        } catch (IOException | RuntimeException e) {
            if (selector.isOpen()) {
                failure = e;
            }
        }
    }

    private void turn(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
            } else {
                read(key);
            }
        } catch (IOException e) {
            // The client has gone: what it sent whole has been noted.
            key.cancel();
            close((SocketChannel) key.channel());
        }
    }

    private void accept() throws IOException {
        for (var client = server.accept(); client != null; client = server.accept()) {
            client.configureBlocking(false);
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            client.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(LARGEST_REQUEST));
        }
    }

    private void read(SelectionKey key) throws IOException {
        long now = Micros.now();
        var client = (SocketChannel) key.channel();
        var buffer = (ByteBuffer) key.attachment();
        int read = client.read(buffer);
        if (read < 0 || !buffer.hasRemaining()) {
            throw new IOException(read < 0 ? "closed" : "more than 16 KiB");
        }
        var request = HttpText.in(buffer);
        while (request.isWhole()) {
            arrivals.add(request.number(), now);
            request.drop();
            client.write(ByteBuffer.wrap(ANSWER));
            request = HttpText.in(buffer);
        }
    }

    private static void close(SocketChannel client) {
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        server.close();
    }
}
