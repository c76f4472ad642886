package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.attempt.messaging.DeliveryEvents;
import dev.carillon.delivery.attempt.store.DeliveryStore;
import dev.carillon.delivery.attempt.store.StoredDelivery;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Gives deliveries one more attempt on an operator's word, with the idempotency key that they have: row, timer and event, in the caller's transaction. */
@ApplicationScoped
public class AttemptAgain {
    private final DeliveryStore deliveries;
    private final DeliveryEvents events;
    private final Outbox outbox;
    private final AttemptTimers timers;

    public AttemptAgain(DeliveryStore deliveries, DeliveryEvents events, Outbox outbox, AttemptTimers timers) {
        this.deliveries = deliveries;
        this.events = events;
        this.outbox = outbox;
        this.timers = timers;
    }

    /** Those of these deliveries that exist, locked with their ordering keys until the transaction ends; before any timer of theirs is. */
    public Uni<List<StoredDelivery>> lock(Tx tx, List<UUID> ids) {
        return deliveries.lock(tx, ids).call(found -> deliveries.lockKeys(tx, found));
    }

    /**
     * Tells of each that it was redriven, and sets its timer.
     *
     * @param redriven as {@link dev.carillon.delivery.attempt.Delivery#redriven} made them of what {@link #lock} locked
     * @param trace in which the event of each is told
     * @param wish of whoever had them attempted again; their attempts link to it
     */
    public Uni<Void> begin(
            Tx tx, List<StoredDelivery> redriven, Function<StoredDelivery, TraceContext> trace, TraceContext wish) {
        if (redriven.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var now = timers.now();
        var changed = redriven.stream().map(StoredDelivery::delivery).toList();
        var told = redriven.stream()
                .map(one -> events.redriven(one, trace.apply(one), now))
                .toList();
        return deliveries
                .save(tx, changed)
                .chain(() -> deliveries.saveWish(tx, changed, wish))
                .chain(() -> timers.follow(tx, changed))
                .chain(() -> outbox.append(tx, told));
    }
}
