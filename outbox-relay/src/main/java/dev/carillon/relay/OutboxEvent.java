package dev.carillon.relay;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of an outbox.
 *
 * @param seq unique in its database; the order of one key's events
 * @param traceparent W3C trace context of whatever caused it
 */
public record OutboxEvent(
        Lane lane,
        long seq,
        UUID id,
        String topic,
        String key,
        String type,
        String source,
        String subject,
        String tenant,
        long version,
        Instant occurredAt,
        @Nullable String traceparent,
        @Nullable String tracestate,
        byte[] payload) {

    public RecordKey recordKey() {
        return new RecordKey(topic, key);
    }
}
