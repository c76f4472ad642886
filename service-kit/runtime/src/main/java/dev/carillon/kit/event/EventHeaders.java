package dev.carillon.kit.event;

import dev.carillon.kit.telemetry.TraceContext;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Reads the envelope from a record's headers (CloudEvents Kafka protocol binding 1.0.2, section 3.2). */
public final class EventHeaders {
    private EventHeaders() {}

    /** @throws UnreadableEvent when an attribute is missing or malformed, or when the record has no value */
    public static Event read(ConsumerRecord<String, byte[]> source) {
        byte[] payload = source.value();
        if (payload == null) {
            throw new UnreadableEvent("the record has no value");
        }
        return new Event(
                source.topic(),
                attribute(source, "ce_id", UUID::fromString),
                required(source, "ce_type"),
                required(source, "ce_source"),
                required(source, "ce_subject"),
                required(source, "ce_tenant"),
                attribute(source, "ce_version", Long::parseLong),
                attribute(source, "ce_time", Instant::parse),
                source.key() == null ? "" : source.key(),
                new TraceContext(header(source, "traceparent"), header(source, "tracestate")),
                payload);
    }

    /** What is malformed is named and not quoted: it may be anything, and of any length. */
    private static <T> T attribute(ConsumerRecord<String, byte[]> source, String name, Function<String, T> reading) {
        try {
            return reading.apply(required(source, name));
        } catch (IllegalArgumentException | DateTimeException malformed) {
            throw new UnreadableEvent("header " + name + " is malformed");
        }
    }

    private static String required(ConsumerRecord<String, byte[]> source, String name) {
        var value = header(source, name);
        if (value == null) {
            throw new UnreadableEvent("header " + name + " is missing");
        }
        return value;
    }

    private static @Nullable String header(ConsumerRecord<String, byte[]> source, String name) {
        var header = source.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** A record that no retry will make readable. */
    public static final class UnreadableEvent extends RuntimeException {
        public UnreadableEvent(String message) {
            super(message);
        }

        public UnreadableEvent(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
