package dev.carillon.relay.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.relay.Lane;
import dev.carillon.relay.LaneLease;
import dev.carillon.relay.OutboxEvents;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LossAndOrderIT {
    private final RelayFixture relays = new RelayFixture();
    private final String topic = RelayFixture.newTopic();

    @AfterEach
    void end() {
        relays.close();
    }

    @Test
    void an_event_that_commits_late_with_a_lower_seq_is_published_like_any_other() throws SQLException {
        relays.startRelay();
        try (Connection early = relays.outbox.begin();
                var reader = RelayFixture.read(topic)) {
            OutboxFixture.append(early, topic, "slow", 1, "{}");
            // The same lane, so that no cursor over lane and seq could pass by unseen.
            relays.outbox.append(topic, sameLaneAs("slow"), 1, "{}");
            reader.untilDistinct(1);
            await().until(relays::unpublished, left -> left == 0);

            early.commit();

            reader.untilDistinct(2);
            await().until(relays::unpublished, left -> left == 0);
        }
    }

    @Test
    void an_event_of_a_transaction_that_rolled_back_never_appears() throws SQLException {
        relays.startRelay();
        try (Connection doomed = relays.outbox.begin();
                var reader = RelayFixture.read(topic)) {
            OutboxFixture.append(doomed, topic, "doomed", 1, "{}");
            doomed.rollback();
            relays.outbox.append(topic, sameLaneAs("doomed"), 1, "{}");

            reader.untilDistinct(1);

            assertThat(reader.toTheEnd().firstVersionsByKey()).doesNotContainKey("doomed");
        }
    }

    @Test
    void a_crash_after_publish_repeats_but_never_loses() {
        for (long version = 1; version <= 50; version++) {
            relays.outbox.append(topic, "key-" + version % 7, version, "{}");
        }
        try (var reader = RelayFixture.read(topic)) {
            var crashing = relays.startFaulty(NeverDeletes::new);
            reader.untilDistinct(50);
            crashing.abandon();
            assertThat(relays.unpublished()).isEqualTo(50);

            relays.startRelay();

            await().atMost(Duration.ofSeconds(15)).until(relays::unpublished, left -> left == 0);
            assertThat(reader.toTheEnd().distinct()).isEqualTo(50);
            assertThat(reader.records()).isEqualTo(100);
            assertInOrder(reader.firstVersionsByKey());
        }
    }

    @Test
    void first_deliveries_of_every_key_stay_in_order_through_crashes_stops_and_several_relays() throws Exception {
        int keys = 60;
        int versions = 150;
        var random = new Random(20_261_122);
        var appending = new AtomicBoolean(true);
        var appended = CompletableFuture.runAsync(() -> {
            for (int version = 1; version <= versions; version++) {
                for (int key = 0; key < keys; key++) {
                    relays.outbox.append(topic, "key-" + key, version, "{}");
                }
            }
            appending.set(false);
        });
        relays.startRelay();
        while (appending.get()) {
            RelayedSource relay = relays.startRelay();
            long before = relays.counts.published.get();
            await().atMost(Duration.ofSeconds(15))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> !appending.get() || relays.counts.published.get() > before + 500);
            if (random.nextBoolean()) {
                relay.abandon();
            } else {
                relay.stop(Duration.ofSeconds(5)).join();
            }
        }
        appended.join();
        try (var reader = RelayFixture.read(topic)) {
            await().atMost(Duration.ofSeconds(20)).until(relays::unpublished, left -> left == 0);
            reader.untilDistinct(keys * versions).toTheEnd();
            assertThat(reader.firstVersionsByKey()).hasSize(keys).allSatisfy((key, seen) -> assertThat(seen)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, versions).boxed().toList()));
        }
    }

    private static void assertInOrder(Map<String, List<Long>> versionsByKey) {
        assertThat(versionsByKey)
                .allSatisfy((key, versions) -> assertThat(versions).isSorted());
    }

    private static String sameLaneAs(String key) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "other-" + i)
                .filter(other -> OutboxFixture.lane(other) == OutboxFixture.lane(key))
                .findFirst()
                .orElseThrow();
    }

    /** The moment between Kafka's acknowledgement and the deletion, held open. */
    private record NeverDeletes(OutboxEvents real) implements OutboxEvents {
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
