package dev.carillon.kit.event;

import dev.carillon.kit.telemetry.TraceContext;
import java.time.Instant;
import java.util.UUID;

/**
 * An event about to be appended to the outbox.
 *
 * @param id stable from here on: UUID v7, made once, the same in every repeat
 * @param key the record key, which is the unit of order
 * @param subject the aggregate that it is about
 * @param version the aggregate's version that the payload shows in full
 * @param trace the context of whatever caused it, captured now and not when the row is written
 * @param payload JSON, UTF-8
 * @param urgency whether somebody waits for it
 */
public record OutgoingEvent(
        UUID id,
        String topic,
        String key,
        String type,
        String source,
        String subject,
        String tenant,
        long version,
        Instant occurredAt,
        TraceContext trace,
        byte[] payload,
        Urgency urgency) {
    /** How soon an event is published. */
    public enum Urgency {
        /** At once. */
        PROMPT,
        /** With what else is appended in the next twentieth of a second: together they cost a part of what they cost alone. */
        CAN_WAIT
    }
}
