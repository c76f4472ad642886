package dev.carillon.relay.source;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Writers as services are: they lock the aggregate, then append; some begin long before they write, some hold their transaction open, some roll back
 * a part or all of it. One that loses its connection goes on with another.
 */
final class Writers {
    private static final Duration RETRY_AFTER = Duration.ofMillis(20);
    private static final int MOST_FAILURES = 6_000;

    private final OutboxFixture outbox;
    private final String topic;
    private final int keys;

    Writers(OutboxFixture outbox, String topic, int keys) {
        this.outbox = outbox;
        this.topic = topic;
        this.keys = keys;
        outbox.execute("CREATE TABLE aggregate (key text PRIMARY KEY, version bigint NOT NULL)");
        outbox.execute("INSERT INTO aggregate SELECT 'key-' || g, 0 FROM generate_series(0, " + (keys - 1) + ") g");
    }

    List<CompletableFuture<Void>> start(int writers, int transactions, long seed) {
        return IntStream.range(0, writers)
                .mapToObj(writer -> CompletableFuture.runAsync(() -> write(new Random(seed + writer), transactions)))
                .toList();
    }

    private void write(Random random, int transactions) {
        int failures = 0;
        for (int done = 0; done < transactions; ) {
            try (Connection connection = outbox.begin()) {
                for (; done < transactions; done++) {
                    write(connection, random);
                }
            } catch (SQLException | IllegalStateException lost) {
                // A database that was killed: whether the last transaction is there, the outbox itself tells.
                if (++failures > MOST_FAILURES) {
                    throw new IllegalStateException("the database does not come back", lost);
                }
                LockSupport.parkNanos(RETRY_AFTER.toNanos());
            }
        }
    }

    private void write(Connection connection, Random random) throws SQLException {
        if (random.nextBoolean()) {
            giveId(connection);
        }
        if (random.nextInt(40) == 0) {
            nap(connection, random.nextDouble() / 2);
        }
        String key = "key-" + random.nextInt(keys);
        OutboxFixture.append(connection, topic, key, lock(connection, key), "{}");
        if (random.nextInt(4) == 0) {
            var savepoint = connection.setSavepoint();
            OutboxFixture.append(connection, topic, key, lock(connection, key), "{}");
            if (random.nextBoolean()) {
                connection.rollback(savepoint);
            }
        }
        if (random.nextInt(20) == 0) {
            nap(connection, random.nextDouble() / 5);
        }
        if (random.nextInt(10) == 0) {
            connection.rollback();
        } else {
            connection.commit();
        }
    }

    private static long lock(Connection connection, String key) throws SQLException {
        try (var statement = connection.prepareStatement(
                "UPDATE aggregate SET version = version + 1 WHERE key = ? RETURNING version")) {
            statement.setString(1, key);
            var answer = statement.executeQuery();
            answer.next();
            return answer.getLong(1);
        }
    }

    private static void nap(Connection connection, double seconds) throws SQLException {
        try (var statement = connection.prepareStatement("SELECT pg_sleep(?)")) {
            statement.setDouble(1, seconds);
            statement.execute();
        }
    }

    /** Begins, for the database: a transaction has an id from its first writing on. */
    static void giveId(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("SELECT pg_current_xact_id()");
        }
    }
}
