package dev.carillon.delivery.attempt.messaging;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.delivery.attempt.DeliveryStatus;
import dev.carillon.delivery.attempt.store.StoredDelivery;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.event.OutgoingEvent.Urgency;
import dev.carillon.kit.event.Payloads;
import dev.carillon.kit.telemetry.TraceContext;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The events about deliveries, each with its full state; schemas in {@code docs/contracts/events}. */
@ApplicationScoped
public class DeliveryEvents {
    private static final String TOPIC = "carillon.delivery.events.v1";

    @RegisterForReflection
    record DeliveryPayload(
            UUID deliveryId,
            UUID messageId,
            int generation,
            String status,
            String channel,
            int attempts,
            boolean possiblyDelivered,
            Instant dueAt,
            @Nullable Instant firedAt,
            @Nullable Instant nextAttemptAt,
            @Nullable Instant endedAt,
            @Nullable String error) {}

    private final EventIds ids;
    private final ObjectMapper json;

    public DeliveryEvents(EventIds ids, ObjectMapper json) {
        this.ids = ids;
        this.json = json;
    }

    /** Tells how a delivery stands. */
    public OutgoingEvent told(StoredDelivery stored, Instant now) {
        return told(stored, stored.trace(), now);
    }

    /** Tells how a delivery stands, in the trace of what changed it. */
    public OutgoingEvent told(StoredDelivery stored, TraceContext trace, Instant now) {
        var status = stored.delivery().status();
        // Who cancels waits for the answer; the others tell what has happened.
        var urgency = status == DeliveryStatus.RECALLED ? Urgency.PROMPT : Urgency.CAN_WAIT;
        return event(type(status), stored.delivery(), trace, now, urgency);
    }

    /** A recall that came while an attempt is open. */
    public OutgoingEvent recallRefused(StoredDelivery stored, Instant now) {
        return event("recall-refused", stored.delivery(), stored.trace(), now, Urgency.PROMPT);
    }

    /** An operator's word that it is to be attempted again. */
    public OutgoingEvent redriven(StoredDelivery stored, TraceContext trace, Instant now) {
        return event("redriven", stored.delivery(), trace, now, Urgency.CAN_WAIT);
    }

    private static String type(DeliveryStatus status) {
        return switch (status) {
            case PENDING, IN_FLIGHT -> "accepted";
            case WAITING -> "retry-scheduled";
            case HELD -> "held";
            case DELIVERED -> "delivered";
            case DEAD -> "dead-lettered";
            case EXPIRED -> "expired";
            case RECALLED -> "recalled";
        };
    }

    private OutgoingEvent event(String type, Delivery delivery, TraceContext trace, Instant now, Urgency urgency) {
        var payload = new DeliveryPayload(
                delivery.id(),
                delivery.messageId(),
                delivery.generation(),
                delivery.status().wireName(),
                delivery.channel(),
                delivery.attempts(),
                delivery.possiblyDelivered(),
                delivery.dueAt(),
                delivery.firedAt(),
                delivery.status() == DeliveryStatus.WAITING ? delivery.attemptAt() : null,
                delivery.endedAt(),
                delivery.error());
        return new OutgoingEvent(
                ids.next(),
                TOPIC,
                delivery.messageId().toString(),
                "carillon.delivery." + type + ".v1",
                "/carillon/delivery",
                delivery.id().toString(),
                delivery.tenant(),
                delivery.version(),
                now,
                trace,
                Payloads.bytes(json, payload),
                urgency);
    }
}
