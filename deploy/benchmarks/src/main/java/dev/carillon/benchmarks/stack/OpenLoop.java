package dev.carillon.benchmarks.stack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A load that does not wait for what it loads: a request is sent when it is due, whatever became of those before, over the connection that has been free
 * for longest; when none is free, as soon as one is. Connections are kept, and one that ends is opened anew. All of it in the caller's thread, so that
 * thousands of connections cost little.
 */
final class OpenLoop implements AutoCloseable {
    private static final int LARGEST_ANSWER = 8 * 1024;
    private static final Duration FOR_THE_REST = Duration.ofSeconds(10);
    /** How many of those that are due are sent before answers are looked for. */
    private static final int AT_ONCE = 16;
    /** A selector waits for whole milliseconds. */
    private static final long SHORTEST_WAIT = 1_000_000;
    /** In nanoseconds, between two looks for answers when the next request is nearer than that: with what waking takes, a tenth of a millisecond. */
    private static final long PAUSE = 20_000;

    /** So many requests a second for so many seconds; what was not sent by then is not sent any more. */
    record Stretch(double rate, int seconds) {}

    private static final class Client {
        private final ByteBuffer answer = ByteBuffer.allocate(LARGEST_ANSWER);
        private SocketChannel channel;
        /** Of the request that is in flight. */
        private @Nullable Tally tally;

        private int number;

        private Client(SocketChannel channel) {
            this.channel = channel;
        }
    }

    private final InetSocketAddress server;
    private final Selector selector;
    private final Queue<Client> free = new ArrayDeque<>();
    private int inFlight;

    /** Opens its connections. */
    OpenLoop(int port, int connections) throws IOException {
        server = new InetSocketAddress("127.0.0.1", port);
        selector = Selector.open();
        for (int i = 0; i < connections; i++) {
            var client = new Client(SocketChannel.open(server));
            client.channel.configureBlocking(false);
            client.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            client.channel.register(selector, SelectionKey.OP_READ, client);
            free.add(client);
        }
    }

    /**
     * One stretch after the other, without a pause between them; and then waits for a few seconds for the answers that are still to come.
     *
     * @param request by its number, which counts from 0 in each stretch
     */
    List<Tally> run(List<Stretch> stretches, IntFunction<byte[]> request) throws IOException {
        var tallies = new ArrayList<Tally>();
        for (Stretch stretch : stretches) {
            var tally = new Tally(stretch.rate, stretch.seconds, System.nanoTime());
            tallies.add(tally);
            var before = cpu();
            offer(tally, request);
            tally.cost(cpu().minus(before));
        }
        long end = System.nanoTime() + FOR_THE_REST.toNanos();
        while (inFlight > 0 && end - System.nanoTime() > 0) {
            awaitAnswers(end);
        }
        return tallies;
    }

    /** Of the whole process: its compilers and its collector stand in the load's way, too. */
    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private void offer(Tally tally, IntFunction<byte[]> request) throws IOException {
        while (tally.end() - System.nanoTime() > 0) {
            for (int i = 0; i < AT_ONCE && tally.isDue(System.nanoTime()); i++) {
                var client = free.poll();
                if (client == null) {
                    break;
                }
                send(client, tally, request.apply(tally.next()));
            }
            awaitAnswers(free.isEmpty() ? tally.end() : tally.nextAt());
        }
    }

    private void send(Client client, Tally tally, byte[] request) {
        client.tally = tally;
        client.number = tally.next();
        inFlight++;
        tally.sending(System.nanoTime(), inFlight);
        var bytes = ByteBuffer.wrap(request);
        try {
            while (bytes.hasRemaining()) {
                client.channel.write(bytes);
            }
        } catch (IOException e) {
            openAnew(client);
        }
    }

    /** Until there is one, or this instant has come. */
    private void awaitAnswers(long until) throws IOException {
        long left = until - System.nanoTime();
        if (left >= SHORTEST_WAIT) {
            selector.select(this::turn, left / SHORTEST_WAIT);
        } else if (selector.selectNow(this::turn) == 0 && left > 0) {
            LockSupport.parkNanos(Math.min(left, PAUSE));
        }
    }

    private void turn(SelectionKey key) {
        var client = (Client) key.attachment();
        if (key.isConnectable()) {
            connected(client, key);
        } else {
            read(client);
        }
    }

    private void connected(Client client, SelectionKey key) {
        try {
            client.channel.finishConnect();
            key.interestOps(SelectionKey.OP_READ);
            free.add(client);
        } catch (IOException refused) {
            // The others have to do: trying again and again would be a load, too.
        }
    }

    private void read(Client client) {
        try {
            int read = client.channel.read(client.answer);
            if (read < 0 || client.tally == null || !client.answer.hasRemaining()) {
                throw new IOException("ended, not asked for, or too large");
            }
            var answer = HttpText.in(client.answer);
            if (answer.isWhole()) {
                conclude(client, answer.status());
                free.add(client);
            }
        } catch (IOException e) {
            openAnew(client);
        }
    }

    private void conclude(Client client, int status) {
        var tally = client.tally;
        if (tally != null) {
            tally.concluded(client.number, status, System.nanoTime());
            client.tally = null;
            inFlight--;
        }
        client.answer.clear();
    }

    private void openAnew(Client client) {
        conclude(client, Tally.BROKEN);
        free.remove(client);
        try {
            client.channel.close();
            client.channel = SocketChannel.open();
            client.channel.configureBlocking(false);
            client.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (client.channel.connect(server)) {
                client.channel.register(selector, SelectionKey.OP_READ, client);
                free.add(client);
            } else {
                client.channel.register(selector, SelectionKey.OP_CONNECT, client);
            }
        } catch (IOException refused) {
            // As above.
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : List.copyOf(selector.keys())) {
            key.channel().close();
        }
        selector.close();
    }
}
