package dev.carillon.relay.source;

import dev.carillon.relay.LaneLease;
import dev.carillon.relay.OutboxEvents;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** The moment between Kafka's acknowledgement and the saved position, held open until {@code saving}. */
record UnsavedOutbox(OutboxEvents real, AtomicBoolean saving) implements OutboxEvents {
    @Override
    public CompletionStage<Void> open(Collection<LaneLease> leases) {
        return real.open(leases);
    }

    @Override
    public CompletionStage<Read> read(Wanted wanted) {
        return real.read(wanted);
    }

    @Override
    public void settle(Map<LaneLease, ? extends Collection<Long>> acknowledged) {
        real.settle(acknowledged);
    }

    @Override
    public CompletionStage<Set<LaneLease>> save(String owner) {
        return saving.get() ? real.save(owner) : CompletableFuture.completedStage(Set.of());
    }

    @Override
    public CompletionStage<ParkOutcome> park(String owner, LaneLease lease, List<Parking> parkings) {
        return real.park(owner, lease, parkings);
    }

    @Override
    public CompletionStage<Void> close(String owner, Collection<LaneLease> leases) {
        return real.close(owner, leases);
    }

    @Override
    public void forget(Collection<LaneLease> leases) {
        real.forget(leases);
    }

    @Override
    public void doubt() {
        real.doubt();
    }

    @Override
    public long losses() {
        return real.losses();
    }
}
