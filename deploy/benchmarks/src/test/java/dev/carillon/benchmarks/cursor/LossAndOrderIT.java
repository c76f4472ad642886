package dev.carillon.benchmarks.cursor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.benchmarks.relay.RelayUnderLoad;
import dev.carillon.benchmarks.relay.Source;
import dev.carillon.benchmarks.relay.Way;
import dev.carillon.kit.testing.kafka.KafkaServer;
import dev.carillon.kit.testing.kafka.Topic;
import dev.carillon.kit.testing.postgres.PostgresServer;
import dev.carillon.relay.Lane;
import dev.carillon.relay.LaneLease;
import dev.carillon.relay.OutboxEvent;
import dev.carillon.relay.OutboxEvents;
import dev.carillon.relay.Publication;
import dev.carillon.relay.RelayObserver;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LossAndOrderIT {
    private static final KafkaServer KAFKA = KafkaServer.shared();

    private final Vertx vertx = Vertx.vertx();
    private final Source source = new Source(PostgresServer.shared(), Way.CURSORS);
    private final List<RelayUnderLoad> relays = new ArrayList<>();
    private final String topic = "test." + UUID.randomUUID();
    private final FirstDeliveries delivered;

    LossAndOrderIT() {
        KAFKA.createTopics(Topic.named(topic));
        delivered = new FirstDeliveries(KAFKA.bootstrapServers(), topic);
    }

    @AfterEach
    void end() {
        delivered.close();
        relays.forEach(RelayUnderLoad::abandon);
        source.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void an_event_that_commits_late_with_a_lower_seq_and_id_is_published_like_any_other() throws SQLException {
        startRelay();
        try (Connection early = begin()) {
            append(early, "slow", 1);
            append("slow-2", 1);
            append(sameLaneAs("slow"), 1);
            awaitDistinct(2);

            early.commit();

            awaitDistinct(3);
        }
    }

    @Test
    void a_late_event_is_found_by_a_relay_that_starts_from_a_saved_cursor_too() throws SQLException {
        RelayUnderLoad first = startRelay();
        try (Connection early = begin()) {
            append(early, "slow", 1);
            append(sameLaneAs("slow"), 1);
            awaitDistinct(1);
            assertThat(first.stop()).isTrue();

            early.commit();
            startRelay();

            awaitDistinct(2);
            assertThat(delivered.records()).as("nothing is repeated").isEqualTo(2);
        }
    }

    @Test
    void who_started_first_and_committed_second_comes_second() throws SQLException {
        startRelay();
        try (Connection first = begin();
                Connection second = begin()) {
            giveId(first);
            append(second, "key", 1);
            second.commit();
            append(first, "key", 2);
            first.commit();

            awaitDistinct(2);

            assertThat(delivered.versions().get("key")).containsExactly(1L, 2L);
        }
    }

    @Test
    void what_was_rolled_back_never_appears_and_what_a_savepoint_kept_does() throws SQLException {
        startRelay();
        try (Connection doomed = begin();
                Connection half = begin()) {
            append(doomed, "doomed", 1);
            append(half, "kept", 1);
            Savepoint savepoint = half.setSavepoint();
            append(half, "undone", 1);
            half.rollback(savepoint);
            doomed.rollback();
            half.commit();
            append(sameLaneAs("doomed"), 1);

            awaitDistinct(2);

            assertThat(delivered.poll().versions()).doesNotContainKeys("doomed", "undone");
        }
    }

    @Test
    void a_crash_after_publish_repeats_but_never_loses() throws SQLException {
        for (long version = 1; version <= 50; version++) {
            append("key-" + version % 7, version);
        }
        RelayUnderLoad crashing = startRelay(NeverSettles::new);
        awaitDistinct(50);
        crashing.abandon();

        startRelay();

        await().atMost(Duration.ofSeconds(15)).until(() -> delivered.poll().records() == 100);
        assertThat(delivered.distinct()).isEqualTo(50);
        assertThat(delivered.versions())
                .allSatisfy((key, versions) -> assertThat(versions).isSorted());
    }

    @Test
    void nothing_is_lost_when_the_relays_connections_are_cut() throws SQLException {
        startRelay();
        for (long version = 1; version <= 120; version++) {
            append("key-" + version % 7, version);
            if (version % 40 == 0) {
                awaitDistinct((int) version / 2);
                source.ask("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                        + " WHERE application_name = 'outbox-relay' AND datname = current_database()");
            }
        }

        awaitDistinct(120);

        assertThat(delivered.versions())
                .allSatisfy((key, versions) -> assertThat(versions).isSorted());
    }

    /** Writers as services are: they lock the aggregate, then append; some hold their transaction, some roll back. */
    @Test
    void first_deliveries_stay_whole_and_in_order_through_late_commits_crashes_and_several_relays() throws Exception {
        int keys = 40;
        source.execute("CREATE TABLE aggregate (key text PRIMARY KEY, version bigint NOT NULL)");
        source.execute("GRANT ALL ON aggregate TO PUBLIC");
        source.execute("INSERT INTO aggregate SELECT 'key-' || g, 0 FROM generate_series(0, " + (keys - 1) + ") g");
        Map<String, Long> committed = new ConcurrentHashMap<>();
        startRelay();
        try (Connection held = begin()) {
            giveId(held);
            List<CompletableFuture<Void>> writers = IntStream.range(0, 6)
                    .mapToObj(writer -> CompletableFuture.runAsync(
                            () -> write(new Random(20_261_122 + writer), keys, 100, committed)))
                    .toList();
            var random = new Random(7);
            while (!writers.stream().allMatch(CompletableFuture::isDone)) {
                RelayUnderLoad relay = startRelay();
                int before = delivered.poll().distinct();
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> delivered.poll().distinct() > before + 100
                                || writers.stream().allMatch(CompletableFuture::isDone));
                if (random.nextBoolean()) {
                    relay.abandon();
                } else {
                    relay.stop();
                }
            }
            writers.forEach(CompletableFuture::join);
            append(held, "held", 1);
            held.commit();
        }
        committed.put("held", 1L);

        awaitDistinct(
                (int) committed.values().stream().mapToLong(Long::longValue).sum());

        assertThat(delivered.versions()).hasSameSizeAs(committed).allSatisfy((key, versions) -> assertThat(versions)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, committed.getOrDefault(key, 0L))
                        .boxed()
                        .toList()));
    }

    private void write(Random random, int keys, int transactions, Map<String, Long> committed) {
        try (Connection connection = begin()) {
            for (int i = 0; i < transactions; i++) {
                if (random.nextBoolean()) {
                    giveId(connection);
                }
                String key = "key-" + random.nextInt(keys);
                if (random.nextInt(40) == 0) {
                    nap(connection, random.nextDouble() / 2);
                }
                long version = lock(connection, key);
                append(connection, key, version);
                if (random.nextInt(20) == 0) {
                    nap(connection, random.nextDouble() / 5);
                }
                if (random.nextInt(10) == 0) {
                    connection.rollback();
                } else {
                    connection.commit();
                    committed.merge(key, version, Math::max);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
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

    private static void giveId(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("SELECT pg_current_xact_id()");
        }
    }

    private RelayUnderLoad startRelay() {
        return startRelay(UnaryOperator.identity());
    }

    private RelayUnderLoad startRelay(UnaryOperator<OutboxEvents> fault) {
        var relay = new RelayUnderLoad(vertx, source, Way.CURSORS, KAFKA.bootstrapServers(), new Silent(), fault);
        relays.add(relay);
        return relay.start();
    }

    private Connection begin() throws SQLException {
        Connection connection = source.connect();
        connection.setAutoCommit(false);
        return connection;
    }

    private void append(String key, long version) throws SQLException {
        try (Connection connection = source.connect()) {
            append(connection, key, version);
        }
    }

    private void append(Connection connection, String key, long version) throws SQLException {
        Source.append(connection, topic, new String[] {key}, version, new byte[] {'{', '}'});
    }

    private void awaitDistinct(int events) {
        await().atMost(Duration.ofSeconds(20)).until(() -> delivered.poll().distinct() >= events);
    }

    private static String sameLaneAs(String key) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "other-" + i)
                .filter(other -> Source.lane(other) == Source.lane(key))
                .findFirst()
                .orElseThrow();
    }

    private static final class Silent implements RelayObserver {
        @Override
        public void published(OutboxEvent event, Duration sinceOccurred) {}

        @Override
        public void publishFailed(OutboxEvent event, Publication outcome) {}

        @Override
        public void parked(int events) {}

        @Override
        public void leaseLost(Lane lane) {}
    }

    /** The moment between Kafka's acknowledgement and the saved cursor, held open. */
    private record NeverSettles(OutboxEvents real) implements OutboxEvents {
        @Override
        public CompletionStage<List<Found>> read(Wanted wanted) {
            return real.read(wanted);
        }

        @Override
        public CompletionStage<Set<Lane>> delete(
                String owner, Map<LaneLease, ? extends Collection<Long>> acknowledged) {
            return new CompletableFuture<>();
        }

        @Override
        public CompletionStage<ParkOutcome> park(String owner, LaneLease lease, List<Parking> parkings) {
            return real.park(owner, lease, parkings);
        }
    }
}
