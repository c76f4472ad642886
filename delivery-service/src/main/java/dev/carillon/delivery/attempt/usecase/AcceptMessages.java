package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.delivery.attempt.DeliveryStatus;
import dev.carillon.delivery.attempt.Recall;
import dev.carillon.delivery.attempt.messaging.DeliveryEvents;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes over staged messages, and gives back those that are recalled, in the transaction of the inbox. */
@ApplicationScoped
public class AcceptMessages {
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
            TraceContext trace) {}

    /** A message that is called back. */
    public record Recalled(String tenant, UUID messageId, int generation, TraceContext trace) {}

    private final DeliveryStore deliveries;
    private final DeliveryEvents events;
    private final EventIds ids;
    private final Outbox outbox;
    private final Attempts attempts;

    public AcceptMessages(
            DeliveryStore deliveries, DeliveryEvents events, EventIds ids, Outbox outbox, Attempts attempts) {
        this.deliveries = deliveries;
        this.events = events;
        this.ids = ids;
        this.outbox = outbox;
        this.attempts = attempts;
    }

    /** Each becomes a delivery once; one that is one already has its state told again, for whoever staged it again missed that. */
    public Uni<Void> accept(Tx tx, List<Staged> staged) {
        var now = attempts.now();
        var incoming = staged.stream().map(this::delivery).toList();
        return deliveries.insert(tx, incoming, now).chain(inserted -> {
            var accepted =
                    incoming.stream().filter(one -> inserted.contains(one.id())).toList();
            var known = incoming.stream()
                    .filter(one -> !inserted.contains(one.id()))
                    .map(AcceptMessages::key)
                    .distinct()
                    .toList();
            return attempts.timers()
                    .arm(tx, accepted.stream().map(StoredDelivery::delivery).toList())
                    .chain(() -> outbox.append(
                            tx,
                            accepted.stream().map(one -> events.told(one, now)).toList()))
                    .chain(() -> tellAgain(tx, known, now));
        });
    }

    /** Nothing is attempted any more unless an attempt is open; one that has not come yet will find that it was recalled. */
    public Uni<Void> recall(Tx tx, List<Recalled> recalled) {
        var now = attempts.now();
        var tombstones = recalled.stream().map(one -> tombstone(one, now)).toList();
        return deliveries.insert(tx, tombstones, now).chain(inserted -> {
            var told = tombstones.stream()
                    .filter(one -> inserted.contains(one.id()))
                    .map(one -> events.told(one, now))
                    .toList();
            var there = new HashSet<MessageGeneration>();
            tombstones.stream().filter(one -> !inserted.contains(one.id())).forEach(one -> there.add(key(one)));
            return outbox.append(tx, told).chain(() -> recallKnown(tx, List.copyOf(there), now));
        });
    }

    private Uni<Void> recallKnown(Tx tx, List<MessageGeneration> known, Instant now) {
        if (known.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return deliveries.lockGenerations(tx, known).chain(found -> {
            var changed = new ArrayList<Delivery>();
            var told = new ArrayList<OutgoingEvent>();
            for (var one : found) {
                switch (Recall.of(one.delivery(), now)) {
                    case Recall.Recalled(Delivery after) -> {
                        changed.add(after);
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
                    .chain(() -> attempts.timers().disarmEnded(tx, changed))
                    .chain(() -> outbox.append(tx, told));
        });
    }

    private Uni<Void> tellAgain(Tx tx, List<MessageGeneration> known, Instant now) {
        if (known.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return deliveries.lockGenerations(tx, known).chain(found -> {
            Map<UUID, StoredDelivery> told = new HashMap<>();
            found.forEach(one -> told.put(one.id(), one.with(one.delivery().told())));
            return deliveries
                    .save(
                            tx,
                            told.values().stream().map(StoredDelivery::delivery).toList())
                    .chain(() -> outbox.append(
                            tx,
                            told.values().stream()
                                    .map(one -> events.told(one, now))
                                    .toList()));
        });
    }

    private StoredDelivery delivery(Staged staged) {
        return new StoredDelivery(
                new Delivery(
                        ids.next(),
                        staged.tenant,
                        staged.messageId,
                        staged.generation,
                        DeliveryStatus.PENDING,
                        1,
                        staged.channel,
                        staged.dueAt,
                        staged.expiresAt,
                        staged.orderingKey,
                        0,
                        staged.dueAt,
                        false,
                        null,
                        null,
                        null),
                staged.destination,
                staged.content,
                staged.trace);
    }

    private StoredDelivery tombstone(Recalled recalled, Instant now) {
        return new StoredDelivery(
                new Delivery(
                        ids.next(),
                        recalled.tenant,
                        recalled.messageId,
                        recalled.generation,
                        DeliveryStatus.RECALLED,
                        1,
                        "none",
                        now,
                        null,
                        null,
                        0,
                        now,
                        false,
                        null,
                        now,
                        null),
                "{}",
                "{}",
                recalled.trace);
    }

    private static MessageGeneration key(StoredDelivery stored) {
        return new MessageGeneration(
                stored.delivery().messageId(), stored.delivery().generation());
    }
}
