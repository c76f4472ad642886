package dev.carillon.relay.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.postgres.PostgresServer;
import dev.carillon.relay.SourceIdentity.Adoption;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** The procedure of docs/operating/restore-a-database.md, with a logical copy in place of pg_dump, which the embedded PostgreSQL lacks. */
class RestoreIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int KEYS = 7;

    private final String topic = RelayFixture.newTopic();
    private final RelayFixture original = new RelayFixture();
    private final List<AutoCloseable> ends = new ArrayList<>(List.of(original));

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable one : ends.reversed()) {
            one.close();
        }
    }

    @Test
    void after_an_adoption_nothing_is_skipped_and_nothing_that_the_positions_knew_is_repeated() throws Exception {
        var first = original.startRelay();
        appendVersions(original.outbox, 1, 20);
        try (var reader = RelayFixture.read(topic)) {
            reader.until(PATIENCE, read -> read.distinct() == 20 * KEYS);
            assertThat(first.stop(PATIENCE).join()).isTrue();
            assertThat(original.unpublished()).isZero();
            appendVersions(original.outbox, 21, 30);

            // Its transactions have lower numbers than any in the dump.
            var server = PostgresServer.startTemporary();
            ends.add(server);
            var restored = new RelayFixture(copy(original.outbox, server));
            ends.add(restored);
            var relay = restored.startRelay();
            await().atMost(PATIENCE).until(() -> relay.relay().health().foreign() != null);
            appendVersions(restored.outbox, 31, 35);
            await().during(Duration.ofSeconds(3))
                    .atMost(PATIENCE)
                    .until(() -> reader.toTheEnd().records() == 20 * KEYS);

            assertThat(adopt(relay)).isEqualTo(new Adoption.Adopted(20 * KEYS, 15 * KEYS));

            reader.until(PATIENCE, read -> read.distinct() == 35 * KEYS);
            await().atMost(PATIENCE).until(restored::unpublished, left -> left == 0);
            appendVersions(restored.outbox, 36, 36);
            reader.until(PATIENCE, read -> read.distinct() == 36 * KEYS);
            assertThat(reader.toTheEnd().records()).as("nothing is repeated").isEqualTo(36 * KEYS);
            assertThat(reader.firstVersionsByKey()).hasSize(KEYS).allSatisfy((key, versions) -> assertThat(versions)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 36).boxed().toList()));
            assertThat(relay.relay().health().foreign()).isNull();
            assertThat(adopt(relay)).isEqualTo(new Adoption.NotForeign());
            assertThat(restored.outbox.text("SELECT adopted_by FROM outbox_identity"))
                    .isEqualTo("an-operator");
        }
    }

    @Test
    void what_was_published_after_the_dump_is_repeated_and_nothing_is_skipped_in_a_database_of_the_same_server()
            throws Exception {
        var relay = original.startRelay();
        appendVersions(original.outbox, 1, 10);
        try (var reader = RelayFixture.read(topic)) {
            reader.until(PATIENCE, read -> read.distinct() == 10 * KEYS);
            await().atMost(PATIENCE).until(original::unpublished, left -> left == 0);
            relay.state().pause(true).toCompletableFuture().join();
            await().atMost(PATIENCE).until(() -> relay.relay().health().paused());
            appendVersions(original.outbox, 11, 12);
            var restored = new RelayFixture(copy(original.outbox, PostgresServer.shared()));
            ends.add(restored);
            restored.outbox.execute("UPDATE outbox_source SET paused = false");
            relay.state().pause(false).toCompletableFuture().join();
            reader.until(PATIENCE, read -> read.distinct() == 12 * KEYS);
            assertThat(relay.stop(PATIENCE).join()).isTrue();

            var next = restored.startRelay();
            await().atMost(PATIENCE).until(() -> next.relay().health().foreign() != null);
            assertThat(adopt(next)).isEqualTo(new Adoption.Adopted(10 * KEYS, 2 * KEYS));

            await().atMost(PATIENCE).until(restored::unpublished, left -> left == 0);
            assertThat(reader.toTheEnd().records()).isEqualTo(14 * KEYS);
            assertThat(reader.distinct()).isEqualTo(12 * KEYS);
        }
    }

    @Test
    void transaction_ids_that_have_gone_back_stop_a_source() {
        original.outbox.execute("INSERT INTO outbox_cursor (lane, epoch, base, last, settled)"
                + " VALUES (5, 1, '9000000000:9000000000:', 0, '{}')");

        var relay = original.startRelay();
        appendVersions(original.outbox, 1, 1);

        await().atMost(PATIENCE).until(() -> relay.relay().health().foreign() != null);
        assertThat(relay.relay().health().foreign()).contains("transaction ids have gone back");
        assertThat(original.unpublished()).isEqualTo(KEYS);
        assertThat(adopt(relay)).isEqualTo(new Adoption.Adopted(0, KEYS));
        await().atMost(PATIENCE).until(original::unpublished, left -> left == 0);
    }

    private void appendVersions(OutboxFixture outbox, int from, int to) {
        for (int version = from; version <= to; version++) {
            for (int key = 0; key < KEYS; key++) {
                outbox.append(topic, "key-" + key, version, "{}");
            }
        }
    }

    private static Adoption adopt(RelayedSource relay) {
        return relay.identity().adopt("an-operator").toCompletableFuture().join();
    }

    /** Tables, rows and the sequence, as pg_dump takes them over. */
    private static OutboxFixture copy(OutboxFixture from, PostgresServer server) throws SQLException, IOException {
        var to = new OutboxFixture(server);
        to.execute("DO $$ DECLARE part text; BEGIN FOR part IN SELECT name FROM outbox_partition LOOP"
                + " EXECUTE format('DROP TABLE %I', part); END LOOP; END $$");
        to.execute(
                "DELETE FROM outbox_partition; DELETE FROM outbox_lane; DELETE FROM outbox_source; DELETE FROM outbox_identity");
        try (Connection source = from.owner().connect();
                Connection target = to.owner().connect()) {
            for (String day : texts(source, "SELECT substr(name, 14) FROM outbox_partition")) {
                to.execute("SELECT outbox_attach_partition('" + day + "')");
            }
            to.execute("DELETE FROM outbox_partition");
            List<String> tables = new ArrayList<>(texts(source, "SELECT name FROM outbox_partition"));
            tables.addAll(List.of(
                    "outbox_partition",
                    "outbox_lane",
                    "outbox_source",
                    "outbox_identity",
                    "outbox_cursor",
                    "outbox_parked",
                    "outbox_decision"));
            for (String table : tables) {
                var rows = new ByteArrayOutputStream();
                source.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY " + table + " TO STDOUT", rows);
                target.unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn("COPY " + table + " FROM STDIN", new ByteArrayInputStream(rows.toByteArray()));
            }
        }
        to.execute("SELECT setval('outbox_event_seq_seq', " + from.text("SELECT last_value FROM outbox_event_seq_seq")
                + ")");
        return to;
    }

    private static List<String> texts(Connection connection, String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }
}
