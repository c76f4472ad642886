package dev.carillon.relay.kafka;

import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.relay.OutboxEvent;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Kafka records of events: CloudEvents 1.0 in binary content mode (Kafka protocol binding 1.0.2, section 3.2). */
final class CloudEventRecords {
    private CloudEventRecords() {}

    static ProducerRecord<byte[], byte[]> record(OutboxEvent event, TraceContext trace) {
        var made = new ProducerRecord<>(event.topic(), bytes(event.key()), event.payload());
        Headers headers = made.headers();
        add(headers, "ce_specversion", "1.0");
        add(headers, "ce_id", event.id().toString());
        add(headers, "ce_type", event.type());
        add(headers, "ce_source", event.source());
        add(headers, "ce_time", event.occurredAt().toString());
        add(headers, "ce_subject", event.subject());
        add(headers, "ce_partitionkey", event.key());
        add(headers, "ce_tenant", event.tenant());
        add(headers, "ce_version", Long.toString(event.version()));
        add(headers, "content-type", "application/json");
        add(headers, "traceparent", trace.traceparent());
        add(headers, "tracestate", trace.tracestate());
        return made;
    }

    private static void add(Headers headers, String name, @Nullable String value) {
        if (value != null) {
            headers.add(name, bytes(value));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
