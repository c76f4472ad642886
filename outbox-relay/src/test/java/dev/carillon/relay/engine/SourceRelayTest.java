package dev.carillon.relay.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.relay.Broker;
import dev.carillon.relay.Events;
import dev.carillon.relay.Lane;
import dev.carillon.relay.LaneCensus;
import dev.carillon.relay.LaneLease;
import dev.carillon.relay.LaneLeases;
import dev.carillon.relay.OutboxEvent;
import dev.carillon.relay.OutboxEvents;
import dev.carillon.relay.Publication;
import dev.carillon.relay.RelayObserver;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SourceRelayTest {
    private static final Duration LEASE = RelayLimits.DEFAULTS.lease();

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
    void a_relay_that_cannot_renew_stops_publishing_at_the_end_of_its_lease() {
        relay.start();
        await().until(() -> relay.health().lanes() == Lane.COUNT);
        leases.answering = false;

        // As after a freeze: the clock is beyond the lease, and no step has been taken since.
        ahead.addAndGet(LEASE.toNanos());
        outbox.append(1, "k");
        relay.hint();

        await().until(() -> losses.lanes.get() == Lane.COUNT);
        assertThat(kafka.sent).isEmpty();
        assertThat(relay.health().lanes()).isZero();
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

    private static final class Leases implements LaneLeases {
        private final Map<Lane, Long> owned = new ConcurrentSkipListMap<>();
        private volatile boolean answering = true;
        private volatile @Nullable String foreign;

        @Override
        public CompletionStage<LaneCensus> renew(String owner, Collection<LaneLease> held) {
            List<LaneCensus.Entry> lanes = Lane.all().stream()
                    .map(lane -> new LaneCensus.Entry(
                            lane,
                            owned.containsKey(lane) ? owner : null,
                            !owned.containsKey(lane),
                            owned.containsKey(lane)))
                    .toList();
            return answer(new LaneCensus(lanes, false, foreign));
        }

        @Override
        public CompletionStage<List<LaneLease>> claim(String owner, Collection<Lane> lanes) {
            lanes.forEach(lane -> owned.merge(lane, 1L, Long::sum));
            return answer(lanes.stream().map(lane -> new LaneLease(lane, 1)).toList());
        }

        @Override
        public CompletionStage<Void> release(String owner, Collection<LaneLease> held) {
            held.forEach(lease -> owned.remove(lease.lane()));
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<Void> ask(String owner) {
            return CompletableFuture.completedStage(null);
        }

        private <T> CompletionStage<T> answer(T answer) {
            return answering ? CompletableFuture.completedStage(answer) : new CompletableFuture<>();
        }
    }

    private static final class Outbox implements OutboxEvents {
        private final ConcurrentSkipListMap<Long, OutboxEvent> rows = new ConcurrentSkipListMap<>();
        private final List<Long> foundBehindGate = new CopyOnWriteArrayList<>();
        private final Set<LaneLease> open = ConcurrentHashMap.newKeySet();
        private final Set<LaneLease> settledSince = ConcurrentHashMap.newKeySet();
        private final List<LaneLease> forgotten = new CopyOnWriteArrayList<>();
        private volatile boolean leasesCount = true;
        private volatile @Nullable CompletableFuture<Void> gate;

        void append(long seq, String key) {
            rows.put(seq, Events.event(7, seq, key));
        }

        @Override
        public CompletionStage<List<Found>> read(Wanted wanted) {
            var found = rows.values().stream()
                    .filter(event -> wanted.lanes().stream()
                            .anyMatch(lease -> lease.lane().equals(event.lane()) && open.contains(lease)))
                    .filter(event -> !wanted.known().contains(event.seq()))
                    .filter(event -> !wanted.withheld().contains(event.topic()))
                    .map(event -> new Found(event, false))
                    .toList();
            @Nullable CompletableFuture<Void> waitFor = gate;
            if (waitFor == null) {
                return CompletableFuture.completedStage(found);
            }
            found.forEach(one -> foundBehindGate.add(one.event().seq()));
            return waitFor.thenApply(opened -> found);
        }

        @Override
        public void settle(Map<LaneLease, ? extends Collection<Long>> acknowledged) {
            acknowledged.values().forEach(seqs -> seqs.forEach(rows::remove));
            settledSince.addAll(acknowledged.keySet());
        }

        @Override
        public CompletionStage<Set<LaneLease>> save(String owner) {
            Set<LaneLease> saved = Set.copyOf(settledSince);
            settledSince.clear();
            return CompletableFuture.completedStage(leasesCount ? Set.of() : saved);
        }

        @Override
        public CompletionStage<Void> open(Collection<LaneLease> leases) {
            open.addAll(leases);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<Void> close(String owner, Collection<LaneLease> leases) {
            open.removeAll(leases);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void forget(Collection<LaneLease> leases) {
            open.removeAll(leases);
            forgotten.addAll(leases);
        }

        @Override
        public CompletionStage<ParkOutcome> park(String owner, LaneLease lease, List<Parking> parkings) {
            throw new AssertionError("nothing is refused here");
        }
    }

    private static final class Kafka implements Broker {
        private final List<Long> sent = new CopyOnWriteArrayList<>();
        private final Deque<Publication> answers = new ArrayDeque<>();
        private volatile @Nullable CompletableFuture<Publication> held;
        private volatile boolean missing;

        @Override
        public CompletionStage<Publication> publish(OutboxEvent event) {
            sent.add(event.seq());
            @Nullable CompletableFuture<Publication> answerLater = held;
            if (answerLater != null) {
                return answerLater;
            }
            @Nullable Publication answer = answers.poll();
            return CompletableFuture.completedStage(answer == null ? new Publication.Acknowledged() : answer);
        }

        @Override
        public @Nullable String obstacle(String topic) {
            return missing ? "missing" : null;
        }

        @Override
        public CompletionStage<Void> refreshTopics() {
            return CompletableFuture.completedStage(null);
        }
    }

    private static final class Losses implements RelayObserver {
        private final AtomicInteger lanes = new AtomicInteger();

        @Override
        public void published(OutboxEvent event, Duration sinceOccurred) {}

        @Override
        public void publishFailed(OutboxEvent event, Publication outcome) {}

        @Override
        public void parked(int events) {}

        @Override
        public void leaseLost(Lane lane) {
            lanes.incrementAndGet();
        }
    }
}
