package dev.carillon.backbone;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.backbone.Source.Draft;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Writers that append all the time: hot keys and many others, several at one key, some that roll back, some that take their time. */
final class Workload implements AutoCloseable {
    private static final int WRITERS = 8;
    private static final int HOT_KEYS = 3;
    private static final int KEYS = 80;
    private static final int FAT_KEYS = 5;
    private static final int OVERSIZE = 300_000;

    private final Source source;
    private final Random seeds;
    private final List<Thread> writers = new ArrayList<>();
    private final ConcurrentLinkedQueue<CompletableFuture<List<UUID>>> held = new ConcurrentLinkedQueue<>();
    private final ConcurrentHashMap<Draft, Boolean> onTheDeletedTopic = new ConcurrentHashMap<>();
    private final AtomicInteger rolledBack = new AtomicInteger();
    private final AtomicInteger cutOff = new AtomicInteger();
    private final AtomicInteger names = new AtomicInteger();
    private volatile boolean deletedTopicRests;
    private volatile boolean stopped;

    Workload(Source source, long seed) {
        this.source = source;
        this.seeds = new Random(seed);
    }

    void start() {
        for (int writer = 0; writer < WRITERS; writer++) {
            var random = new Random(seeds.nextLong());
            writers.add(Thread.ofVirtual().start(() -> write(random)));
        }
    }

    private void write(Random random) {
        while (!stopped) {
            Draft draft = draft(random);
            boolean delicate = draft.topic().equals(Servers.DELETED);
            if (delicate) {
                onTheDeletedTopic.put(draft, true);
            }
            if (!delicate || !deletedTopicRests) {
                end(source.run(draft));
            }
            onTheDeletedTopic.remove(draft);
            LockSupport.parkNanos(Duration.ofMillis(10 + random.nextInt(40)).toNanos());
        }
    }

    private void end(CompletableFuture<List<UUID>> transaction) {
        try {
            transaction.join();
        } catch (CompletionException failure) {
            boolean wanted = failure.getCause() instanceof Source.RolledBack;
            (wanted ? rolledBack : cutOff).incrementAndGet();
            if (!wanted) {
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
        }
    }

    private static Draft draft(Random random) {
        int kind = random.nextInt(100);
        String key = kind < 30
                ? "hot-" + random.nextInt(HOT_KEYS)
                : kind < 34
                        ? "fat-" + random.nextInt(FAT_KEYS)
                        : kind < 39 ? "deleted-" + random.nextInt(8) : "key-" + random.nextInt(KEYS);
        return new Draft(
                topicOf(key),
                key,
                1 + random.nextInt(3),
                "{}".getBytes(UTF_8),
                sometimes(random),
                sometimes(random),
                random.nextInt(100) >= 15);
    }

    private static Duration sometimes(Random random) {
        return random.nextInt(3) > 0 ? Duration.ZERO : Duration.ofMillis(random.nextInt(30));
    }

    private static String topicOf(String key) {
        return key.startsWith("deleted-")
                ? Servers.DELETED
                : Servers.CONSUMED.get(Math.floorMod(key.hashCode(), Servers.CONSUMED.size()));
    }

    /** An event that an outbox takes and the broker refuses, of a key that has others too. */
    void oversize(int number) {
        var random = new Random(number);
        byte[] payload = new byte[OVERSIZE];
        random.nextBytes(payload);
        String key = "fat-" + number % FAT_KEYS;
        held.add(source.run(new Draft(topicOf(key), key, 1, payload, Duration.ZERO, Duration.ZERO, true)));
    }

    /** A transaction that stays open, with others before and after it at other keys. */
    void hold(Duration duration, boolean commits) {
        String key = "held-" + names.incrementAndGet();
        held.add(source.run(new Draft(topicOf(key), key, 2, "{}".getBytes(UTF_8), Duration.ZERO, duration, commits)));
    }

    /** One event that commits now; empty when it did not. */
    List<UUID> probe() {
        String key = "probe-" + names.incrementAndGet();
        return source.run(new Draft(topicOf(key), key, 1, "{}".getBytes(UTF_8), Duration.ZERO, Duration.ZERO, true))
                .exceptionally(failure -> List.of())
                .join();
    }

    /** Nothing more is written to the topic that is deleted; answers once nothing is under way. */
    boolean deletedTopicRests() {
        deletedTopicRests = true;
        return onTheDeletedTopic.isEmpty();
    }

    void deletedTopicGoesOn() {
        deletedTopicRests = false;
    }

    int rolledBack() {
        return rolledBack.get();
    }

    /** Transactions that a fault ended, or of which it is not known how they ended. */
    int cutOff() {
        return cutOff.get();
    }

    /** Ends when every transaction has. */
    @Override
    public void close() throws InterruptedException {
        stopped = true;
        for (Thread writer : writers) {
            writer.join();
        }
        held.forEach(this::end);
    }
}
