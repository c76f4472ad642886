package dev.carillon.relay.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PartitionsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final RelayFixture relays = new RelayFixture();
    private final String topic = RelayFixture.newTopic();
    private final TopicReader reader = RelayFixture.read(topic);

    @AfterEach
    void end() {
        reader.close();
        relays.close();
    }

    @Test
    void an_event_in_a_partition_that_was_attached_a_moment_ago_is_not_passed_by() throws SQLException {
        relays.startRelay();
        append("before", 1);
        reader.untilDistinct(1);

        // In one transaction, so that no read can learn of the partition before its event is there.
        try (Connection late = relays.outbox.begin();
                var statement = late.createStatement()) {
            statement.execute("SELECT outbox_attach_partition('2031-02-03')");
            append(late, "old-clock", 1);
            moveTo(late, "old-clock", "'2031-02-03 12:00Z'");
            late.commit();
        }
        append("after", 1);

        reader.untilDistinct(3);
    }

    @Test
    void a_partition_that_is_being_detached_is_read_also_what_commits_into_it_late() throws SQLException {
        relays.startRelay();
        append("before", 1);
        reader.untilDistinct(1);
        String oldest = relays.outbox.text("SELECT name FROM outbox_partition ORDER BY from_at LIMIT 1");
        try (Connection late = relays.outbox.begin()) {
            append(late, "late", 1);
            moveTo(late, "late", "(SELECT from_at FROM outbox_partition WHERE name = '" + oldest + "')");
            relays.outbox.execute("UPDATE outbox_partition SET state = 'retiring' WHERE name = '" + oldest + "'");
            var detached = CompletableFuture.runAsync(() ->
                    relays.outbox.execute("ALTER TABLE outbox_event DETACH PARTITION " + oldest + " CONCURRENTLY"));
            await().atMost(PATIENCE).until(() -> pendingDetaches() == 1);

            late.commit();

            reader.untilDistinct(2);
            detached.join();
            await().atMost(PATIENCE).until(relays::unpublished, left -> left == 0);
        }
    }

    @Test
    void a_partition_that_is_gone_is_read_no_more_and_nothing_waits_for_it() {
        relays.startRelay();
        append("before", 1);
        reader.untilDistinct(1);

        relays.outbox.execute(
                "UPDATE outbox_partition SET state = 'drained' WHERE from_at = (SELECT min(from_at) FROM outbox_partition)");
        relays.outbox.execute("""
                DO $$ BEGIN
                    EXECUTE (SELECT 'DROP TABLE ' || name FROM outbox_partition WHERE state = 'drained');
                    DELETE FROM outbox_partition WHERE state = 'drained';
                END $$""");
        append("after", 1);

        reader.untilDistinct(2);
    }

    @Test
    void positions_stay_few_however_often_they_are_saved() {
        relays.outbox.execute("""
                INSERT INTO outbox_cursor (lane, epoch, base, last, settled)
                SELECT 1, 0, '3:3:', 0, '{}' FROM generate_series(1, 50000)""");

        relays.startRelay();
        append("key", 1);

        await().atMost(PATIENCE).until(() -> relays.outbox.count("outbox_cursor"), rows -> rows < 1_000);
        await().atMost(PATIENCE).until(relays::unpublished, left -> left == 0);
        assertThat(reader.untilDistinct(1).firstVersionsByKey()).containsEntry("key", List.of(1L));
    }

    /** As if it had been appended at that time. */
    private static void moveTo(Connection transaction, String key, String instant) throws SQLException {
        try (var statement = transaction.createStatement()) {
            statement.execute("UPDATE outbox_event SET appended_at = " + instant + " WHERE record_key = '" + key + "'");
        }
    }

    /** Asked elsewhere: the fixture's own connection waits for the detaching to end. */
    private long pendingDetaches() throws SQLException {
        try (Connection other = relays.outbox.owner().connect();
                var statement = other.createStatement();
                var answer = statement.executeQuery("SELECT count(*) FROM pg_inherits WHERE inhdetachpending")) {
            answer.next();
            return answer.getLong(1);
        }
    }

    private void append(String key, long version) {
        relays.outbox.append(topic, key, version, "{}");
    }

    private void append(Connection transaction, String key, long version) {
        OutboxFixture.append(transaction, topic, key, version, "{}");
    }
}
