package dev.carillon.relay.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeasesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RelayFixture relays = new RelayFixture();
    private final String topic = RelayFixture.newTopic();

    @AfterEach
    void end() {
        relays.close();
    }

    @Test
    void a_relay_that_joins_gets_its_share_and_no_lease_is_lost_on_the_way() {
        var first = relays.startRelay();
        await().until(relays::lanesOwned, lanes -> lanes == 64);

        var second = relays.startRelay();

        await().atMost(PATIENCE).until(() -> lanesOf(first) == 32 && lanesOf(second) == 32);
        assertThat(relays.counts.leasesLost).hasValue(0);
    }

    @Test
    void a_dead_relays_lanes_are_taken_over_when_its_lease_has_ended() {
        var survivor = relays.startRelay();
        var dying = relays.startRelay();
        await().until(() -> lanesOf(survivor) == 32 && lanesOf(dying) == 32);

        dying.abandon();
        for (int key = 0; key < 200; key++) {
            relays.outbox.append(topic, "key-" + key, 1, "{}");
        }

        await().atMost(PATIENCE).until(() -> lanesOf(survivor) == 64);
        try (var reader = RelayFixture.read(topic)) {
            reader.untilDistinct(200);
        }
    }

    @Test
    void a_stopped_relay_gives_its_lanes_back_at_once_and_leaves_nothing_unsettled() {
        var stopping = relays.startRelay();
        for (int key = 0; key < 300; key++) {
            relays.outbox.append(topic, "key-" + key, 1, "{}");
        }

        assertThat(stopping.stop(Duration.ofSeconds(5)).join()).isTrue();

        assertThat(relays.lanesOwned()).isZero();
        var next = relays.startRelay();
        await().atMost(PATIENCE).until(() -> lanesOf(next) == 64);
        try (var reader = RelayFixture.read(topic)) {
            reader.untilDistinct(300);
            await().until(relays::unpublished, left -> left == 0);
            assertThat(reader.toTheEnd().records()).isEqualTo(300);
        }
    }

    @Test
    void a_relay_whose_lanes_were_taken_says_so_and_leaves_them_alone() {
        var deposed = relays.startRelay();
        await().until(() -> lanesOf(deposed) == 64);

        relays.outbox.execute("UPDATE outbox_lane SET owner = 'thief', epoch = epoch + 1,"
                + " expires_at = clock_timestamp() + interval '1 hour'");
        relays.outbox.append(topic, "key", 1, "{}");

        await().atMost(PATIENCE).until(() -> relays.counts.leasesLost.get() == 64);
        await().until(() -> lanesOf(deposed) == 0);
        assertThat(relays.unpublished()).isEqualTo(1);
    }

    @Test
    void a_paused_source_publishes_nothing_until_it_is_resumed() {
        var relay = relays.startRelay();
        await().until(() -> lanesOf(relay) == 64);
        relay.state().pause(true).toCompletableFuture().join();
        await().until(() -> relay.relay().health().paused());

        relays.outbox.append(topic, "key", 1, "{}");

        await().during(Duration.ofMillis(500)).until(relays::unpublished, left -> left == 1);
        relay.state().pause(false).toCompletableFuture().join();
        await().until(relays::unpublished, left -> left == 0);
    }

    @Test
    void an_idle_relay_publishes_at_a_hint_and_does_not_wait_for_its_next_look() {
        var relay = relays.startRelayThatWaitsForHints();
        await().until(() -> lanesOf(relay) == 64);

        relays.outbox.append(topic, "key", 1, "{}");

        // Again and again, for it may not listen yet.
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> {
            relays.outbox.execute("NOTIFY carillon_outbox");
            return relays.counts.published.get() == 1;
        });
    }

    @Test
    void what_a_read_left_for_want_of_room_is_read_without_another_hint() {
        for (int i = 0; i < 100; i++) {
            relays.outbox.append(topic, "key" + i, 1, "{\"filler\":\"" + "x".repeat(1_000) + "\"}");
        }

        var relay = relays.startRelayOfFewBytes(5_000);

        await().atMost(PATIENCE).until(relays.counts.published::get, published -> published == 100);
        assertThat(lanesOf(relay)).isEqualTo(64);
    }

    private static int lanesOf(RelayedSource relay) {
        return relay.relay().health().lanes();
    }
}
