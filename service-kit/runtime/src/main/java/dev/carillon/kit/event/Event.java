package dev.carillon.kit.event;

import dev.carillon.kit.telemetry.TraceContext;
import java.time.Instant;
import java.util.UUID;

/**
 * An event as a consumer reads it.
 *
 * @param version the aggregate's version that the payload shows in full
 * @param trace what the record carried; {@link TraceContext#NONE} without a header
 * @param payload JSON, UTF-8
 */
public record Event(
        UUID id,
        String type,
        String source,
        String subject,
        String tenant,
        long version,
        Instant occurredAt,
        String key,
        TraceContext trace,
        byte[] payload) {}
