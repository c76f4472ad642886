package dev.carillon.relay.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LossAndOrderIT {
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
    void an_event_that_commits_late_with_a_lower_seq_and_id_is_published_like_any_other() throws SQLException {
        relays.startRelay();
        try (Connection early = relays.outbox.begin()) {
            append(early, "slow", 1);
            append(OutboxFixture.sameLaneAs("slow"), 1);
            append("elsewhere", 1);
            reader.untilDistinct(2);
            awaitNothingUnpublished();

            early.commit();

            reader.untilDistinct(3);
            awaitNothingUnpublished();
        }
    }

    @Test
    void a_late_event_is_found_by_a_relay_that_starts_from_a_saved_position_too() throws SQLException {
        var first = relays.startRelay();
        try (Connection early = relays.outbox.begin()) {
            append(early, "slow", 1);
            append(OutboxFixture.sameLaneAs("slow"), 1);
            reader.untilDistinct(1);
            assertThat(first.stop(Duration.ofSeconds(20)).join()).isTrue();

            early.commit();
            relays.startRelay();

            reader.untilDistinct(2).toTheEnd();
            assertThat(reader.records()).as("nothing is repeated").isEqualTo(2);
        }
    }

    @Test
    void who_started_first_and_committed_second_comes_second() throws SQLException {
        relays.startRelay();
        try (Connection first = relays.outbox.begin();
                Connection second = relays.outbox.begin()) {
            Writers.giveId(first);
            append(second, "key", 1);
            second.commit();
            append(first, "key", 2);
            first.commit();

            reader.untilDistinct(2);

            assertThat(reader.firstVersionsByKey().get("key")).containsExactly(1L, 2L);
        }
    }

    @Test
    void what_was_rolled_back_never_appears_and_what_a_savepoint_kept_does() throws SQLException {
        relays.startRelay();
        try (Connection doomed = relays.outbox.begin();
                Connection half = relays.outbox.begin()) {
            append(doomed, "doomed", 1);
            append(half, "kept", 1);
            Savepoint savepoint = half.setSavepoint();
            append(half, "undone", 1);
            half.rollback(savepoint);
            Savepoint released = half.setSavepoint();
            append(half, "released", 1);
            half.releaseSavepoint(released);
            doomed.rollback();
            half.commit();
            append(OutboxFixture.sameLaneAs("doomed"), 1);

            reader.untilDistinct(3).toTheEnd();

            assertThat(reader.firstVersionsByKey())
                    .containsOnlyKeys("kept", "released", OutboxFixture.sameLaneAs("doomed"));
        }
    }

    @Test
    void a_crash_after_publish_repeats_but_never_loses() {
        for (long version = 1; version <= 50; version++) {
            append("key-" + version % 7, version);
        }
        var crashing = relays.startFaulty(real -> new UnsavedOutbox(real, new AtomicBoolean()));
        reader.untilDistinct(50);
        crashing.abandon();
        assertThat(relays.unpublished()).isEqualTo(50);

        relays.startRelay();

        awaitNothingUnpublished();
        assertThat(reader.toTheEnd().distinct()).isEqualTo(50);
        assertThat(reader.records()).isEqualTo(100);
        reader.assertInOrder();
    }

    @Test
    void a_batch_larger_than_the_window_is_published_whole_and_once() {
        relays.outbox.execute("""
                INSERT INTO outbox_event (lane, event_id, topic, record_key, type, source, subject, tenant, version, occurred_at, payload)
                SELECT g %% 3, gen_random_uuid(), '%s', 'key-' || g %% 3, 'carillon.test.happened.v1', '/test', 's', 't', g, now(), '{}'
                FROM generate_series(1, 12000) AS g
                """.formatted(topic));

        relays.startRelay();

        awaitNothingUnpublished();
        reader.until(PATIENCE, read -> read.distinct() >= 12_000).toTheEnd();
        assertThat(reader.records()).isEqualTo(12_000);
        reader.assertInOrder();
    }

    @Test
    void first_deliveries_stay_whole_and_in_order_through_late_commits_crashes_stops_and_several_relays()
            throws Exception {
        var random = new Random(20_261_122);
        relays.startRelay();
        try (Connection held = relays.outbox.begin()) {
            Writers.giveId(held);
            var writers = new Writers(relays.outbox, topic, 40).start(6, 120, 7);
            while (!writers.stream().allMatch(CompletableFuture::isDone)) {
                RelayedSource relay = relays.startRelay();
                long before = relays.counts.published.get();
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> relays.counts.published.get() > before + 100
                                || writers.stream().allMatch(CompletableFuture::isDone));
                if (random.nextBoolean()) {
                    relay.abandon();
                } else {
                    relay.stop(Duration.ofSeconds(5)).join();
                }
            }
            writers.forEach(CompletableFuture::join);
            append(held, "held", 1);
            held.commit();
        }

        awaitNothingUnpublished();
        reader.assertWhole(relays.outbox);
    }

    private void awaitNothingUnpublished() {
        await().atMost(PATIENCE).until(relays::unpublished, left -> left == 0);
    }

    private void append(String key, long version) {
        relays.outbox.append(topic, key, version, "{}");
    }

    private void append(Connection transaction, String key, long version) {
        OutboxFixture.append(transaction, topic, key, version, "{}");
    }
}
