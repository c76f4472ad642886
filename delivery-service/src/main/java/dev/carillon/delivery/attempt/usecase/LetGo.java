package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.attempt.DeliveryStatus;
import dev.carillon.delivery.attempt.messaging.DeliveryEvents;
import dev.carillon.delivery.attempt.store.DeliveryStore;
import dev.carillon.delivery.attempt.store.StoredDelivery;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/** Lets deliveries go that were held: row, timer and event, in the caller's transaction. */
@ApplicationScoped
public class LetGo {
    /** When the one of this number, from 0, is attempted. */
    @FunctionalInterface
    public interface Pace {
        Instant of(int number);
    }

    // As ordering keys have it: of one key, whatever is attempted later has its instant later.
    private static final Comparator<StoredDelivery> AS_DUE = Comparator.<StoredDelivery, Instant>comparing(
                    one -> one.delivery().dueAt())
            .thenComparing(one -> one.id().toString());

    private final DeliveryStore deliveries;
    private final DeliveryEvents events;
    private final Outbox outbox;
    private final AttemptTimers timers;

    public LetGo(DeliveryStore deliveries, DeliveryEvents events, Outbox outbox, AttemptTimers timers) {
        this.deliveries = deliveries;
        this.events = events;
        this.outbox = outbox;
        this.timers = timers;
    }

    /**
     * Up to {@code limit} that are held for an endpoint, the first due ones, locked with their ordering keys until the transaction ends; before any timer is.
     * What has been let go meanwhile is among them.
     */
    public Uni<List<StoredDelivery>> lockHeldFor(Tx tx, UUID endpointId, int limit) {
        return deliveries
                .heldFor(tx, endpointId, limit)
                .chain(ids -> deliveries.lock(tx, ids))
                .call(found -> deliveries.lockKeys(tx, found));
    }

    /** Those that are held still wait for their attempts, or expire if that is over. */
    public Uni<Void> letGo(Tx tx, List<StoredDelivery> locked, Pace pace) {
        var now = timers.now();
        var changed = letGo(locked, pace, now);
        var states = changed.stream().map(StoredDelivery::delivery).toList();
        return deliveries
                .save(tx, states)
                .chain(() -> timers.follow(tx, states))
                .chain(() -> outbox.append(
                        tx, changed.stream().map(one -> events.told(one, now)).toList()));
    }

    private static List<StoredDelivery> letGo(List<StoredDelivery> locked, Pace pace, Instant now) {
        var changed = new ArrayList<StoredDelivery>();
        for (var one : locked.stream().sorted(AS_DUE).toList()) {
            var delivery = one.delivery();
            if (delivery.status() == DeliveryStatus.HELD) {
                changed.add(one.with(
                        delivery.isExpiredAt(now) ? delivery.expired(now) : delivery.letGo(pace.of(changed.size()))));
            }
        }
        return changed;
    }
}
