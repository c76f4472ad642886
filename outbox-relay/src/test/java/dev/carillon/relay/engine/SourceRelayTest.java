package dev.carillon.relay.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.log.LogLines;
import dev.carillon.relay.Lane;
import dev.carillon.relay.LaneLease;
import dev.carillon.relay.Publication;
import dev.carillon.relay.engine.Fakes.Kafka;
import dev.carillon.relay.engine.Fakes.Leases;
import dev.carillon.relay.engine.Fakes.Losses;
import dev.carillon.relay.engine.Fakes.Outbox;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SourceRelayTest {
    private static final Duration LEASE = RelayLimits.DEFAULTS.lease();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AtomicLong ahead = new AtomicLong();
    private final Leases leases = new Leases();
    private final Outbox outbox = new Outbox();
    private final Kafka kafka = new Kafka();
    private final Losses losses = new Losses();
    private final SourceRelay relay = new SourceRelay(
            "test",
            "relay",
            new SourceRelay.Ports(
                    leases, outbox, kafka, losses, InstantSource.system(), () -> System.nanoTime() + ahead.get()),
            RelayLimits.DEFAULTS);

    @AfterEach
    void end() {
        relay.abandon();
    }

    @Test
    void an_event_that_kafka_did_not_take_is_sent_again_before_the_next_of_its_key() {
        outbox.append(1, "k");
        outbox.append(2, "k");
        kafka.answers.add(new Publication.Failed("no leader"));
        relay.start();

        await().until(outbox.rows::isEmpty);

        assertThat(kafka.sent).containsExactly(1L, 1L, 2L);
    }

    @Test
    void an_event_that_kafka_refuses_is_told_without_its_key_which_may_be_somebodys_address() {
        outbox.append(1, "acme/ana@example.org");
        kafka.answers.add(new Publication.Refused("too large"));
        try (var log = LogLines.of(Sender.class)) {
            relay.start();

            await().until(outbox.rows::isEmpty);

            assertThat(log.said()).singleElement().asString().contains(new UUID(7, 1).toString(), "too large");
            assertThat(log.said().getFirst()).doesNotContain("ana@example.org");
        }
    }

    @Test
    void a_relay_that_cannot_renew_stops_publishing_at_the_end_of_its_lease() {
        relay.start();
        await().until(() -> relay.health().lanes() == Lane.COUNT);
        leases.answering = false;

        // As after a freeze: the clock is beyond the lease, and no step has been taken since.
        ahead.addAndGet(LEASE.toNanos());
        outbox.append(1, "k");
        relay.hint();

        await().until(() -> losses.lanes.get() == Lane.COUNT && relay.health().lanes() == 0);
        assertThat(kafka.sent).isEmpty();
    }

    @Test
    void a_lane_whose_lease_did_not_count_at_a_save_is_given_up_loudly() {
        outbox.leasesCount = false;
        outbox.append(1, "k");
        relay.start();

        await().until(() -> losses.lanes.get() > 0);

        assertThat(outbox.forgotten).contains(new LaneLease(new Lane(7), 1));
        assertThat(relay.health().lanes()).isLessThan(Lane.COUNT);
    }

    @Test
    void nothing_more_is_published_while_what_was_acknowledged_cannot_be_written_down() {
        outbox.saveAnswer = new CompletableFuture<>();
        relay.start();
        await().until(() -> outbox.saves.get() > 0 && relay.health().lanes() == Lane.COUNT);
        ahead.addAndGet(RelayLimits.UNWRITTEN_AT_MOST
                .plus(RelayLimits.DEFAULTS.saveEvery())
                .toNanos());

        outbox.append(1, "k");
        int before = outbox.reads.get();
        await().until(() -> outbox.reads.get() > before + 3);
        assertThat(kafka.sent).isEmpty();

        outbox.saveAnswer.complete(Set.of());
        await().until(outbox.rows::isEmpty);
    }

    @Test
    void where_the_lanes_stand_is_doubted_when_a_renewal_is_not_answered() {
        relay.start();
        await().until(() -> relay.health().lanes() == Lane.COUNT);
        assertThat(outbox.doubts.get()).isZero();

        leases.answering = false;

        await().atMost(PATIENCE).until(() -> outbox.doubts.get() > 0);
    }

    @Test
    void what_was_read_is_forgotten_when_it_will_be_handed_out_again() {
        var onItsWay = new CompletableFuture<Publication>();
        kafka.held = onItsWay;
        outbox.append(5, "k");
        outbox.append(6, "k");
        relay.start();
        await().until(() -> kafka.sent.equals(List.of(5L)));

        outbox.rows.remove(6L);
        outbox.losses.incrementAndGet();
        int before = outbox.reads.get();
        await().until(() -> outbox.reads.get() > before + 1);
        kafka.held = null;
        onItsWay.complete(new Publication.Acknowledged());
        await().until(outbox.rows::isEmpty);
        outbox.append(7, "k");
        await().until(outbox.rows::isEmpty);

        assertThat(kafka.sent).containsExactly(5L, 7L);
    }

    @Test
    void a_stop_awaits_what_is_on_its_way_and_then_gives_every_lane_back() {
        kafka.held = new CompletableFuture<>();
        outbox.append(1, "k");
        outbox.append(2, "k");
        relay.start();
        await().until(() -> kafka.sent.size() == 1);

        var stopped = relay.stop(Duration.ofSeconds(5));
        kafka.held.complete(new Publication.Acknowledged());

        assertThat(stopped.join()).isTrue();
        assertThat(leases.owned).isEmpty();
        assertThat(outbox.open).isEmpty();
        assertThat(outbox.rows.keySet()).containsExactly(2L);
        assertThat(kafka.sent).containsExactly(1L);
    }

    @Test
    void a_read_that_knew_events_forgotten_meanwhile_does_not_bring_a_later_one_of_their_key_before_them() {
        var onItsWay = new CompletableFuture<Publication>();
        kafka.held = onItsWay;
        outbox.append(5, "k");
        outbox.append(6, "k");
        relay.start();
        await().until(() -> kafka.sent.equals(List.of(5L)));

        // A read that leaves out 5 and 6 as known and finds 7, and does not come back yet.
        var gate = new CompletableFuture<Void>();
        outbox.append(7, "k");
        outbox.gate = gate;
        await().until(() -> outbox.foundBehindGate.contains(7L));

        kafka.missing = true;
        kafka.held = null;
        onItsWay.complete(new Publication.TopicUnavailable("deleted"));
        await().until(() -> !relay.health().withheld().isEmpty());
        kafka.missing = false;
        await().until(() -> relay.health().withheld().isEmpty());
        outbox.gate = null;
        gate.complete(null);

        await().until(outbox.rows::isEmpty);
        assertThat(kafka.sent).containsExactly(5L, 5L, 6L, 7L);
    }

    @Test
    void nothing_of_a_database_that_is_another_is_published_until_it_is_adopted() {
        relay.start();
        await().until(() -> relay.health().lanes() == Lane.COUNT);

        leases.foreign = "it was restored";
        await().until(() -> relay.health().lanes() == 0);
        outbox.append(1, "k");
        relay.hint();

        assertThat(relay.health().foreign()).isEqualTo("it was restored");
        assertThat(kafka.sent).isEmpty();
        leases.foreign = null;
        await().until(outbox.rows::isEmpty);
        assertThat(relay.health().foreign()).isNull();
    }
}
