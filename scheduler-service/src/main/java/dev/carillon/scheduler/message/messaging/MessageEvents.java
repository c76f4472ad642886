package dev.carillon.scheduler.message.messaging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.event.OutgoingEvent.Urgency;
import dev.carillon.kit.event.Payloads;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.scheduler.message.Message;
import dev.carillon.scheduler.message.Source;
import dev.carillon.scheduler.message.Status;
import dev.carillon.scheduler.message.store.MessageJson;
import dev.carillon.scheduler.message.store.TracedMessage;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The events about messages, each with its full state; schemas in {@code docs/contracts/events}. */
@ApplicationScoped
public class MessageEvents {
    private static final String STAGED_TOPIC = "carillon.message.staged.v1";
    private static final String EVENTS_TOPIC = "carillon.message.events.v1";
    private static final String SOURCE = "/carillon/scheduler";
    /** What is due later than this has time to be handed over together with others. */
    private static final Duration SOON = Duration.ofSeconds(3);

    @RegisterForReflection
    record StagedPayload(
            UUID messageId,
            int generation,
            JsonNode to,
            JsonNode content,
            Instant dueAt,
            @Nullable Instant expiresAt,
            @Nullable String orderingKey,
            @Nullable JsonNode onFailure,
            Map<String, String> metadata,
            Source source) {}

    @RegisterForReflection
    record RecalledPayload(
            UUID messageId, int generation, @Nullable Boolean unlessAttempted) {}

    @RegisterForReflection
    record EndedPayload(
            UUID messageId,
            String status,
            int generation,
            Source source,
            Map<String, String> metadata,
            String channel,
            Instant dueAt,
            int attempts,
            boolean possiblyDelivered,
            @Nullable UUID deliveryId,
            @Nullable Instant firedAt,
            @Nullable Instant deliveredAt,
            @Nullable Instant endedAt,
            @Nullable String error) {}

    private final EventIds ids;
    private final ObjectMapper json;
    private final MessageJson messages;

    public MessageEvents(EventIds ids, ObjectMapper json, MessageJson messages) {
        this.ids = ids;
        this.json = json;
        this.messages = messages;
    }

    /** Hands a message over to delivery. */
    public OutgoingEvent staged(TracedMessage traced, Instant now) {
        var message = traced.message();
        var target = message.onFailure();
        var payload = new StagedPayload(
                message.id(),
                message.generation(),
                messages.recipient(message.to()),
                messages.content(message.content()),
                message.timing().dueAt(),
                message.expiresAt(),
                message.orderingKey(),
                target == null ? null : messages.recipient(target),
                message.metadata(),
                message.source());
        var urgency = message.timing().dueAt().isBefore(now.plus(SOON)) ? Urgency.PROMPT : Urgency.CAN_WAIT;
        return event(STAGED_TOPIC, message.stagingKey(), "staged", message, traced.trace(), now, payload, urgency);
    }

    /**
     * Calls a message back; with the key and generation of its staging, so that it comes after it. To be changed it comes back only if it has not been
     * attempted.
     */
    public OutgoingEvent recalled(TracedMessage traced, Instant now) {
        var message = traced.message();
        var payload = new RecalledPayload(message.id(), message.generation(), message.edit() == null ? null : true);
        return event(
                STAGED_TOPIC, message.stagingKey(), "recalled", message, traced.trace(), now, payload, Urgency.PROMPT);
    }

    /** Whether others are told when a message gets into {@code status}. */
    public static boolean isTold(Status status) {
        return status.isEnd() || status == Status.HELD;
    }

    /** Tells how a message stands; of those for which {@link #isTold} holds. */
    public OutgoingEvent told(TracedMessage traced, Instant now) {
        var message = traced.message();
        var progress = message.progress();
        var payload = new EndedPayload(
                message.id(),
                message.status().wireName(),
                message.generation(),
                message.source(),
                message.metadata(),
                message.to().channel(),
                message.timing().dueAt(),
                progress.attempts(),
                progress.possiblyDelivered(),
                progress.deliveryId(),
                progress.firedAt(),
                progress.deliveredAt(),
                progress.endedAt(),
                progress.error());
        return event(
                EVENTS_TOPIC,
                message.id().toString(),
                message.status().wireName(),
                message,
                traced.trace(),
                now,
                payload,
                Urgency.CAN_WAIT);
    }

    private OutgoingEvent event(
            String topic,
            String key,
            String type,
            Message message,
            TraceContext trace,
            Instant now,
            Object payload,
            Urgency urgency) {
        return new OutgoingEvent(
                ids.next(),
                topic,
                key,
                "carillon.message." + type + ".v1",
                SOURCE,
                message.id().toString(),
                message.tenant(),
                message.version(),
                now,
                trace,
                Payloads.bytes(json, payload),
                urgency);
    }
}
