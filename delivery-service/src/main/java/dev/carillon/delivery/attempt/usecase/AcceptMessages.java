package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.delivery.attempt.Recall;
import dev.carillon.delivery.attempt.messaging.DeliveryEvents;
import dev.carillon.delivery.attempt.store.Consignment;
import dev.carillon.delivery.attempt.store.DeliveryStore;
import dev.carillon.delivery.attempt.store.MessageGeneration;
import dev.carillon.delivery.attempt.store.StoredDelivery;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Takes over staged messages, and gives back those that are recalled, in the transaction of the inbox. */
@ApplicationScoped
public class AcceptMessages {
    /** What the scheduler says about one staging of a message. */
    public sealed interface FromScheduler {
        UUID messageId();

        int generation();
    }

    /** A staged message: a delivery to be, with the tenant and trace of its event. */
    public record Staged(
            String tenant,
            UUID messageId,
            int generation,
            String channel,
            String destination,
            String content,
            Instant dueAt,
            @Nullable Instant expiresAt,
            @Nullable String orderingKey,
            TraceContext trace)
            implements FromScheduler {}

    /**
     * A message that is called back.
     *
     * @param unlessAttempted whether that is only meant if no attempt has been made: its client wants it otherwise, and not to end
     */
    public record Recalled(String tenant, UUID messageId, int generation, boolean unlessAttempted, TraceContext trace)
            implements FromScheduler {}

    private final DeliveryStore deliveries;
    private final DeliveryEvents events;
    private final EventIds ids;
    private final Outbox outbox;
    private final AttemptTimers timers;

    public AcceptMessages(
            DeliveryStore deliveries, DeliveryEvents events, EventIds ids, Outbox outbox, AttemptTimers timers) {
        this.deliveries = deliveries;
        this.events = events;
        this.ids = ids;
        this.outbox = outbox;
        this.timers = timers;
    }

    /**
     * Locks those of a batch that are deliveries already, and then their ordering keys: first of all and all at once, since what is done with one run
     * of the batch locks timers, which come after every delivery.
     */
    public Uni<Void> lock(Tx tx, List<FromScheduler> batch) {
        return batch.isEmpty()
                ? Uni.createFrom().voidItem()
                : deliveries
                        .lockGenerations(
                                tx,
                                batch.stream()
                                        .map(one -> new MessageGeneration(one.messageId(), one.generation()))
                                        .distinct()
                                        .toList())
                        .chain(found -> deliveries.lockKeys(tx, found));
    }

    /**
     * Each becomes a delivery once; one that is one already has its state told again, for whoever staged it again missed that. One that comes late,
     * after a later generation of its message, is ignored.
     */
    public Uni<Void> accept(Tx tx, List<Staged> staged) {
        var now = timers.now();
        var incoming = latest(staged).stream().map(this::delivery).toList();
        return deliveries.insert(tx, incoming, now).chain(inserted -> {
            var accepted =
                    incoming.stream().filter(one -> inserted.contains(one.id())).toList();
            return timers.follow(
                            tx, accepted.stream().map(Consignment::delivery).toList())
                    .chain(() -> outbox.append(
                            tx,
                            accepted.stream()
                                    .map(one -> events.told(one.stored(), now))
                                    .toList()))
                    .chain(() -> tellAgain(tx, known(incoming, inserted), now));
        });
    }

    /** Nothing is attempted any more unless an attempt is open; one that has not come yet will find that it was recalled. */
    public Uni<Void> recall(Tx tx, List<Recalled> recalled) {
        var now = timers.now();
        var tombstones = recalled.stream().map(one -> tombstone(one, now)).toList();
        return deliveries.insert(tx, tombstones, now).chain(inserted -> {
            var told = tombstones.stream()
                    .filter(one -> inserted.contains(one.id()))
                    .map(one -> events.told(one.stored(), now))
                    .toList();
            return outbox.append(tx, told)
                    .chain(() -> recallKnown(tx, known(tombstones, inserted), toEnd(recalled), now));
        });
    }

    /** Those of which one recall at least is meant whatever has been attempted. */
    private static Set<MessageGeneration> toEnd(List<Recalled> recalled) {
        return recalled.stream()
                .filter(one -> !one.unlessAttempted)
                .map(one -> new MessageGeneration(one.messageId, one.generation))
                .collect(Collectors.toSet());
    }

    private Uni<Void> recallKnown(Tx tx, List<MessageGeneration> known, Set<MessageGeneration> toEnd, Instant now) {
        if (known.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return deliveries
                .lockGenerations(tx, known)
                .chain(found -> deliveries.lockKeys(tx, found).chain(() -> recallLocked(tx, found, toEnd, now)));
    }

    private Uni<Void> recallLocked(Tx tx, List<StoredDelivery> found, Set<MessageGeneration> toEnd, Instant now) {
        var changed = new ArrayList<Delivery>();
        var recalled = new ArrayList<Delivery>();
        var told = new ArrayList<OutgoingEvent>();
        for (var one : found) {
            var delivery = one.delivery();
            boolean ends = toEnd.contains(new MessageGeneration(delivery.messageId(), delivery.generation()));
            switch (Recall.of(delivery, !ends, now)) {
                case Recall.Recalled(Delivery after) -> {
                    changed.add(after);
                    recalled.add(after);
                    told.add(events.told(one.with(after), now));
                }
                case Recall.Refused(Delivery after) -> {
                    changed.add(after);
                    told.add(events.recallRefused(one.with(after), now));
                }
                case Recall.Ended(Delivery after) -> {
                    changed.add(after);
                    told.add(events.told(one.with(after), now));
                }
            }
        }
        return deliveries
                .save(tx, changed)
                .chain(() -> timers.follow(tx, recalled))
                .chain(() -> outbox.append(tx, told));
    }

    private Uni<Void> tellAgain(Tx tx, List<MessageGeneration> known, Instant now) {
        if (known.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return deliveries.lockGenerations(tx, known).chain(found -> {
            var told =
                    found.stream().map(one -> one.with(one.delivery().told())).toList();
            return deliveries
                    .save(tx, told.stream().map(StoredDelivery::delivery).toList())
                    .chain(() -> outbox.append(
                            tx, told.stream().map(one -> events.told(one, now)).toList()));
        });
    }

    private static List<Staged> latest(List<Staged> staged) {
        Map<UUID, Integer> highest = new HashMap<>();
        staged.forEach(one -> highest.merge(one.messageId, one.generation, Math::max));
        return staged.stream()
                .filter(one -> highest.getOrDefault(one.messageId, 0) == one.generation)
                .toList();
    }

    private Consignment delivery(Staged staged) {
        var delivery = Delivery.pending(
                ids.next(),
                staged.tenant,
                staged.messageId,
                staged.generation,
                staged.channel,
                staged.dueAt,
                staged.expiresAt,
                staged.orderingKey);
        return new Consignment(delivery, staged.trace, staged.destination, staged.content);
    }

    private Consignment tombstone(Recalled recalled, Instant now) {
        var delivery = Delivery.tombstone(ids.next(), recalled.tenant, recalled.messageId, recalled.generation, now);
        return new Consignment(delivery, recalled.trace, "{}", "{}");
    }

    /** What was there before these were to be inserted. */
    private static List<MessageGeneration> known(List<Consignment> all, Set<UUID> inserted) {
        return all.stream()
                .filter(one -> !inserted.contains(one.id()))
                .map(one -> new MessageGeneration(
                        one.delivery().messageId(), one.delivery().generation()))
                .distinct()
                .toList();
    }
}
