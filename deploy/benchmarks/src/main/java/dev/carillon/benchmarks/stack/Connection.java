package dev.carillon.benchmarks.stack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A kept-alive HTTP connection for one request at a time. For one thread. */
final class Connection implements AutoCloseable {
    private final SocketChannel channel;
    private final ByteBuffer buffer;

    Connection(int port, int largestAnswer) throws IOException {
        channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        buffer = ByteBuffer.allocate(largestAnswer);
    }

    /** Sends a whole request and reads the whole answer. */
    int exchange(byte[] request) throws IOException {
        var sent = ByteBuffer.wrap(request);
        while (sent.hasRemaining()) {
            channel.write(sent);
        }
        var answer = HttpText.in(buffer.clear());
        while (!answer.isWhole()) {
            if (channel.read(buffer) <= 0) {
                throw new IOException("the connection ended within an answer, or the answer is too large");
            }
            answer = HttpText.in(buffer);
        }
        return answer.status();
    }

    /** What was answered last. */
    String answer() {
        return HttpText.in(buffer).text();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
