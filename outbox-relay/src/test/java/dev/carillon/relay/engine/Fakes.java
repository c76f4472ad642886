package dev.carillon.relay.engine;

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

/** What a relay works with, in memory: it does as it is told by its fields. */
final class Fakes {
    private Fakes() {}

    static final class Leases implements LaneLeases {
        final Map<Lane, Long> owned = new ConcurrentSkipListMap<>();
        volatile boolean answering = true;
        volatile @Nullable String foreign;

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

    static final class Outbox implements OutboxEvents {
        final ConcurrentSkipListMap<Long, OutboxEvent> rows = new ConcurrentSkipListMap<>();
        final List<Long> foundBehindGate = new CopyOnWriteArrayList<>();
        final Set<LaneLease> open = ConcurrentHashMap.newKeySet();
        final Set<LaneLease> settledSince = ConcurrentHashMap.newKeySet();
        final List<LaneLease> forgotten = new CopyOnWriteArrayList<>();
        final AtomicLong losses = new AtomicLong();
        final AtomicInteger doubts = new AtomicInteger();
        final AtomicInteger reads = new AtomicInteger();
        final AtomicInteger saves = new AtomicInteger();
        volatile boolean leasesCount = true;
        volatile @Nullable CompletableFuture<Void> gate;
        volatile CompletableFuture<Set<LaneLease>> saveAnswer = CompletableFuture.completedFuture(Set.of());

        void append(long seq, String key) {
            rows.put(seq, Events.event(7, seq, key));
        }

        @Override
        public CompletionStage<Read> read(Wanted wanted) {
            reads.incrementAndGet();
            var found = rows.values().stream()
                    .filter(event -> wanted.lanes().stream()
                            .anyMatch(lease -> lease.lane().equals(event.lane()) && open.contains(lease)))
                    .filter(event -> !wanted.known().contains(event.seq()))
                    .filter(event -> !wanted.withheld().contains(event.topic()))
                    .limit(wanted.events())
                    .map(event -> new Found(event, false))
                    .toList();
            @Nullable CompletableFuture<Void> waitFor = gate;
            if (waitFor == null) {
                return CompletableFuture.completedStage(new Read(found, true));
            }
            found.forEach(one -> foundBehindGate.add(one.event().seq()));
            return waitFor.thenApply(opened -> new Read(found, true));
        }

        @Override
        public void settle(Map<LaneLease, ? extends Collection<Long>> acknowledged) {
            acknowledged.values().forEach(seqs -> seqs.forEach(rows::remove));
            settledSince.addAll(acknowledged.keySet());
        }

        @Override
        public CompletionStage<Set<LaneLease>> save(String owner) {
            saves.incrementAndGet();
            Set<LaneLease> saved = Set.copyOf(settledSince);
            settledSince.clear();
            return leasesCount ? saveAnswer : CompletableFuture.completedStage(saved);
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
        public void doubt() {
            doubts.incrementAndGet();
        }

        @Override
        public long losses() {
            return losses.get();
        }

        @Override
        public CompletionStage<ParkOutcome> park(String owner, LaneLease lease, List<Parking> parkings) {
            parkings.forEach(parking -> rows.remove(parking.seq()));
            return CompletableFuture.completedStage(new ParkOutcome.Parked(parkings.size()));
        }
    }

    static final class Kafka implements Broker {
        final List<Long> sent = new CopyOnWriteArrayList<>();
        final Deque<Publication> answers = new ArrayDeque<>();
        volatile @Nullable CompletableFuture<Publication> held;
        volatile boolean missing;

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

    static final class Losses implements RelayObserver {
        final AtomicInteger lanes = new AtomicInteger();

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
