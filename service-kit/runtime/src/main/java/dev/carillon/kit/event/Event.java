package dev.carillon.kit.event;

import dev.carillon.kit.telemetry.TraceContext;
import java.time.Instant;
import java.util.UUID;

/**
 * An event as a consumer reads it.
 *
 * @param topic which it was read from
 * @param version the aggregate's version that the payload shows in full
 * @param trace what whatever it causes continues: as the record carried it, {@link TraceContext#NONE} without a header
 * @param payload JSON, UTF-8
 */
public record Event(
        String topic,
        UUID id,
        String type,
        String source,
        String subject,
        String tenant,
        long version,
        Instant occurredAt,
        String key,
        TraceContext trace,
        byte[] payload) {
    /** The same event, whose effects continue {@code other}. */
    public Event within(TraceContext other) {
        return new Event(topic, id, type, source, subject, tenant, version, occurredAt, key, other, payload);
    }
}
