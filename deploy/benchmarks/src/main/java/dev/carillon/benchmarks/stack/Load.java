package dev.carillon.benchmarks.stack;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Clients that post, each over one connection that is kept. Numbers are given out to whoever is free.
 *
 * @param clients how many there are
 */
record Load(int port, int clients) {
    private static final int LARGEST_ANSWER = 4 << 20;
    private static final int USUAL_ANSWER = 32 * 1024;

    /**
     * What came of it.
     *
     * @param millis from when a request was meant to be sent until its answer was there, by number
     * @param waited for how many milliseconds of them it was not sent yet
     * @param sentMicros when it really was sent, since the epoch, by number
     * @param refused how many answers had another status than was expected, and one of them
     */
    record Outcome(
            double[] millis,
            double[] waited,
            long[] sentMicros,
            int refused,
            @Nullable String refusal,
            double seconds) {
        void check() {
            if (refused > 0) {
                throw new IllegalStateException(refused + " requests were refused, such as: " + refusal);
            }
        }
    }

    /** Each client sends its next request when it has its answer: as fast as it goes. */
    Outcome closed(int count, int expected, IntFunction<byte[]> request) {
        return run(count, expected, request, Long.MAX_VALUE, 0);
    }

    /** The same, for so many seconds, but at most {@code most} requests. */
    Outcome closedFor(int seconds, int most, int expected, IntFunction<byte[]> request) {
        return run(most, expected, request, seconds * 1_000_000_000L, 0);
    }

    /**
     * Request {@code i} is meant to be sent {@code i / rate} seconds after the beginning, whatever became of those before; what it waits for a client to
     * be free counts as its own latency.
     */
    Outcome open(int count, double rate, int expected, IntFunction<byte[]> request) {
        return run(count, expected, request, Long.MAX_VALUE, (long) (1e9 / rate));
    }

    private Outcome run(int most, int expected, IntFunction<byte[]> request, long limit, long spacing) {
        var next = new AtomicInteger();
        var refused = new AtomicInteger();
        var refusal = new AtomicReference<@Nullable String>();
        var last = new AtomicLong();
        double[] millis = new double[most];
        double[] waited = new double[most];
        long[] sent = new long[most];
        long begin = System.nanoTime();
        Runnable client = () -> {
            try (var connection = new Connection(port, expected == 200 ? LARGEST_ANSWER : USUAL_ANSWER)) {
                while (System.nanoTime() - begin <= limit) {
                    int i = next.getAndIncrement();
                    if (i >= most) {
                        return;
                    }
                    byte[] bytes = request.apply(i);
                    long meant = spacing == 0 ? System.nanoTime() : begin + i * spacing;
                    await(meant);
                    waited[i] = (System.nanoTime() - meant) / 1e6;
                    sent[i] = Micros.now();
                    int status = connection.exchange(bytes);
                    long now = System.nanoTime();
                    millis[i] = (now - meant) / 1e6;
                    last.accumulateAndGet(now, Math::max);
                    if (status != expected) {
                        refused.incrementAndGet();
                        refusal.set(connection.answer());
                    }
                }
            } catch (IOException e) {
                refused.incrementAndGet();
                refusal.set(e.toString());
            }
        };
        join(IntStream.range(0, clients)
                .mapToObj(i -> Thread.ofPlatform().name("client-" + i).start(client))
                .toArray(Thread[]::new));
        int done = Math.min(most, next.get());
        return new Outcome(
                Arrays.copyOf(millis, done),
                Arrays.copyOf(waited, done),
                Arrays.copyOf(sent, done),
                refused.get(),
                refusal.get(),
                (last.get() - begin) / 1e9);
    }

    private static void await(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static void join(Thread[] threads) {
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
