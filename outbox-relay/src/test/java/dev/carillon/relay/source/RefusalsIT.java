package dev.carillon.relay.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.relay.DecideParked.Decided;
import dev.carillon.relay.ParkedEvents.Fate;
import dev.carillon.relay.ParkedEvents.Parked;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RefusalsIT {
    private static final String OVERSIZE = "\"" + "x".repeat(1 << 20) + "\"";
    // Less than a producer's limit, more than the topic's, and nothing that lz4 could make small enough.
    private static final String TOO_LARGE_FOR_TOPIC = new Random(1)
            .ints(300_000, 'a', 'z' + 1)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();

    private final RelayFixture relays = new RelayFixture();

    @AfterEach
    void end() {
        relays.close();
    }

    @Test
    void an_oversize_record_parks_its_key_and_everything_else_flows() {
        String topic = RelayFixture.newTopic();
        relays.startRelay();
        relays.outbox.append(topic, "stuck", 1, "{}");
        relays.outbox.append(topic, "stuck", 2, OVERSIZE);
        relays.outbox.append(topic, "stuck", 3, "{}");
        relays.outbox.append(topic, "free", 1, "{}");
        await().until(relays::parked, parked -> parked == 2);
        relays.outbox.append(topic, "stuck", 4, "{}");
        relays.outbox.append(topic, "free", 2, "{}");

        await().until(relays::parked, parked -> parked == 3);
        await().until(relays::unpublished, left -> left == 0);

        try (var reader = RelayFixture.read(topic)) {
            assertThat(reader.untilDistinct(3).toTheEnd().firstVersionsByKey())
                    .isEqualTo(Map.of("stuck", List.of(1L), "free", List.of(1L, 2L)));
        }
    }

    @Test
    void a_record_that_only_the_broker_refuses_parks_alone_of_its_batch() {
        String topic = RelayFixture.newTopic(Map.of("max.message.bytes", "200000"));
        for (int key = 0; key < 30; key++) {
            relays.outbox.append(topic, "key-" + key, 1, key == 7 ? TOO_LARGE_FOR_TOPIC : "{}");
        }
        relays.startRelay();

        await().until(relays::parked, parked -> parked == 1);
        await().until(relays::unpublished, left -> left == 0);
        try (var reader = RelayFixture.read(topic)) {
            assertThat(reader.untilDistinct(29).toTheEnd().firstVersionsByKey()).doesNotContainKey("key-7");
        }
    }

    @Test
    void parked_events_leave_in_order_and_then_their_key_flows_again() {
        String topic = RelayFixture.newTopic();
        var relay = relays.startRelay();
        relays.outbox.append(topic, "k", 1, OVERSIZE);
        relays.outbox.append(topic, "k", 2, "{}");
        await().until(relays::parked, parked -> parked == 2);
        List<Parked> parked = relay.parked().list(0, 10).toCompletableFuture().join();
        long first = parked.getFirst().id();
        long second = parked.getLast().id();

        assertThat(parked).extracting(Parked::firstOfKey).containsExactly(true, false);
        assertThat(retry(relay, second)).isEqualTo(new Decided.NotFirstOfKey());
        assertThat(retry(relay, first)).isInstanceOf(Decided.RefusedAgain.class);
        assertThat(skip(relay, first, null)).isEqualTo(new Decided.Done());
        assertThat(retry(relay, first)).isEqualTo(new Decided.DecidedBefore(Fate.SKIPPED));
        assertThat(retry(relay, second)).isEqualTo(new Decided.Done());

        relays.outbox.append(topic, "k", 3, "{}");
        await().until(relays::unpublished, left -> left == 0);
        try (var reader = RelayFixture.read(topic)) {
            assertThat(reader.untilDistinct(2).toTheEnd().firstVersionsByKey()).isEqualTo(Map.of("k", List.of(2L, 3L)));
        }
    }

    @Test
    void every_relay_knows_for_a_week_what_was_decided_and_by_which_request() {
        String topic = RelayFixture.newTopic();
        var relay = relays.startRelay();
        relays.outbox.append(topic, "k", 1, OVERSIZE);
        relays.outbox.append(topic, "k", 2, "{}");
        await().until(relays::parked, parked -> parked == 2);
        List<Parked> parked = relay.parked().list(0, 10).toCompletableFuture().join();
        long first = parked.getFirst().id();
        long second = parked.getLast().id();
        assertThat(skip(relay, first, "one")).isEqualTo(new Decided.Done());

        var other = relays.startRelay();
        assertThat(skip(other, first, "one")).isEqualTo(new Decided.Repeated());
        assertThat(skip(other, first, null)).isEqualTo(new Decided.Repeated());
        assertThat(skip(other, first, "two")).isEqualTo(new Decided.DecidedBefore(Fate.SKIPPED));
        assertThat(retry(other, first)).isEqualTo(new Decided.DecidedBefore(Fate.SKIPPED));

        relays.outbox.execute("UPDATE outbox_decision SET decided_at = decided_at - interval '8 days'");
        assertThat(retry(other, second)).isEqualTo(new Decided.Done());
        assertThat(retry(relay, second)).isEqualTo(new Decided.Repeated());
        assertThat(skip(relay, first, "one")).isEqualTo(new Decided.NotParked());
    }

    @Test
    void events_of_a_missing_topic_hold_their_lane_and_flow_when_it_is_made_while_other_lanes_pass() {
        String topic = RelayFixture.newTopic();
        String missing = RelayFixture.missingTopic();
        var relay = relays.startRelay();
        relays.outbox.append(missing, "k", 1, "{}");
        relays.outbox.append(topic, OutboxFixture.otherLaneThan("k"), 1, "{}");

        try (var reader = RelayFixture.read(topic)) {
            reader.untilDistinct(1);
        }
        await().until(() -> relay.relay().health().withheld().containsKey(missing));
        assertThat(relay.relay().health().withheld()).containsEntry(missing, "topic " + missing + " is missing");
        assertThat(relays.unpublished()).isEqualTo(1);

        RelayFixture.create(missing, Map.of());

        await().atMost(Duration.ofSeconds(30)).until(relays::unpublished, left -> left == 0);
        try (var reader = RelayFixture.read(missing)) {
            reader.untilDistinct(1);
        }
        await().until(() -> relay.relay().health().withheld().isEmpty());
    }

    private static Decided retry(RelayedSource relay, long id) {
        return relay.decisions().retry(id, null).toCompletableFuture().join();
    }

    private static Decided skip(RelayedSource relay, long id, @Nullable String key) {
        return relay.decisions().skip(id, key).toCompletableFuture().join();
    }
}
