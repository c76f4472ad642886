package dev.carillon.benchmarks.relay;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * One hundred transactions of fifty events a second, begun when they are due whatever became of those before, with the hint that the kit gives
 * after commits.
 */
final class SteadyLoad {
    static final int ROWS = 50;
    private static final int TRANSACTIONS_A_SECOND = 100;
    private static final int CONNECTIONS = 4;
    private static final Duration HINT_AFTER = Duration.ofMillis(2);

    private final Source source;
    private final String topic;
    private final int transactions;
    private final long[] committedNanos;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicBoolean hinting = new AtomicBoolean();

    SteadyLoad(Source source, String topic, int seconds) {
        this.source = source;
        this.topic = topic;
        this.transactions = seconds * TRANSACTIONS_A_SECOND;
        this.committedNanos = new long[transactions];
    }

    int events() {
        return transactions * ROWS;
    }

    /** When the commit of this event's transaction had been answered. */
    long committedNanos(int event) {
        return committedNanos[event / ROWS];
    }

    /** Answers how late the last transaction began. */
    Duration run() {
        long begin = System.nanoTime() + Duration.ofMillis(100).toNanos();
        try (var threads = Executors.newFixedThreadPool(CONNECTIONS + 1)) {
            var late = IntStream.range(0, CONNECTIONS)
                    .mapToObj(writer -> CompletableFuture.supplyAsync(() -> write(begin, threads), threads))
                    .toList();
            return late.stream()
                    .map(CompletableFuture::join)
                    .max(Duration::compareTo)
                    .orElseThrow();
        }
    }

    private Duration write(long begin, java.util.concurrent.Executor hints) {
        byte[] payload = "{\"benchmark\":\"0123456789\"}".repeat(16).getBytes(StandardCharsets.UTF_8);
        long late = 0;
        try (Connection connection = source.connect()) {
            for (int mine = next.getAndIncrement(); mine < transactions; mine = next.getAndIncrement()) {
                long due = begin + mine * (Duration.ofSeconds(1).toNanos() / TRANSACTIONS_A_SECOND);
                for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
                    LockSupport.parkNanos(due - now);
                }
                late = System.nanoTime() - due;
                int first = mine * ROWS;
                String[] keys = IntStream.range(first, first + ROWS)
                        .mapToObj(event -> "key-" + event % 20_000)
                        .toArray(String[]::new);
                Source.append(connection, topic, keys, first, payload);
                committedNanos[mine] = System.nanoTime();
                hint(hints);
            }
            return Duration.ofNanos(late);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void hint(java.util.concurrent.Executor hints) {
        if (hinting.compareAndSet(false, true)) {
            hints.execute(() -> {
                LockSupport.parkNanos(HINT_AFTER.toNanos());
                hinting.set(false);
                source.execute("NOTIFY carillon_outbox");
            });
        }
    }
}
