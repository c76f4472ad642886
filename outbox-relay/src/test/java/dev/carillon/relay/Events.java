package dev.carillon.relay;

import dev.carillon.relay.OutboxEvents.Found;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/** Events for tests, told apart by seq. */
public final class Events {
    private static final Instant OCCURRED_AT = Instant.parse("2026-11-20T09:00:00Z");

    private Events() {}

    public static OutboxEvent event(int lane, long seq, String key) {
        return event(lane, seq, "topic", key);
    }

    public static OutboxEvent event(int lane, long seq, String topic, String key) {
        return new OutboxEvent(
                new Lane(lane),
                seq,
                new UUID(7, seq),
                topic,
                key,
                "type",
                "/source",
                key,
                "tenant",
                seq,
                OCCURRED_AT,
                null,
                null,
                "{}".getBytes(StandardCharsets.UTF_8));
    }

    static Found found(OutboxEvent event) {
        return new Found(event, false);
    }

    static Found behindParked(OutboxEvent event) {
        return new Found(event, true);
    }
}
