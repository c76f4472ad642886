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

    /** Up to {@code limit} that are held for an endpoint, in the order of their ids; not locked. */
    public Uni<List<UUID>> heldFor(Tx tx, UUID endpointId, int limit) {
        return deliveries.heldFor(tx, endpointId, limit);
    }

    /** Those that are held still wait for their attempts, or expire if that is over. */
    public Uni<Void> letGo(Tx tx, List<UUID> ids, Pace pace) {
        return deliveries
                .lock(tx, ids)
                .call(found -> deliveries.lockKeys(tx, found))
                .chain(found -> {
                    var now = timers.now();
                    var changed = letGo(found, pace, now);
                    var states = changed.stream().map(StoredDelivery::delivery).toList();
                    return deliveries
                            .save(tx, states)
                            .chain(() -> timers.follow(tx, states))
                            .chain(() -> outbox.append(
                                    tx,
                                    changed.stream()
                                            .map(one -> events.told(one, now))
                                            .toList()));
                });
    }

    private static List<StoredDelivery> letGo(List<StoredDelivery> found, Pace pace, Instant now) {
        var changed = new ArrayList<StoredDelivery>();
        for (var one : found) {
            var delivery = one.delivery();
            if (delivery.status() == DeliveryStatus.HELD) {
                changed.add(one.with(
                        delivery.isExpiredAt(now) ? delivery.expired(now) : delivery.letGo(pace.of(changed.size()))));
            }
        }
        return changed;
    }
}
