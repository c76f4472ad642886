package dev.carillon.delivery.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.kit.event.EventIds;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/** Writes to {@code carillon.message.staged.v1} what the scheduler would. */
public final class SchedulerTopic implements AutoCloseable {
    public static final String NAME = "carillon.message.staged.v1";

    private final EventIds ids = new EventIds();
    private @Nullable KafkaProducer<String, byte[]> producer;

    public void stage(Staged message) {
        send(message, "carillon.message.staged.v1", message.payload().toString());
    }

    public void recall(Staged message) {
        send(message, "carillon.message.recalled.v1", message.recallPayload().toString());
    }

    /** Tells how a message ended. */
    public void end(Staged message, String type, String payload) {
        end(message, type, payload, Instant.now());
    }

    /** As {@link #end(Staged, String, String)}, of an end at another instant. */
    public void end(Staged message, String type, String payload, Instant endedAt) {
        send("carillon.message.events.v1", message.id().toString(), message, type, payload, endedAt);
    }

    /** As {@link #stage}, with whatever text as the payload. */
    public void send(Staged message, String type, String payload) {
        var key = message.orderingKey() == null
                ? message.id().toString()
                : message.tenant() + "/" + message.orderingKey();
        send(NAME, key, message, type, payload, Instant.now());
    }

    private void send(String topic, String key, Staged message, String type, String payload, Instant occurredAt) {
        var sent = new ProducerRecord<>(topic, key, payload.getBytes(UTF_8));
        new JsonObject()
                .put("ce_specversion", "1.0")
                .put("ce_id", ids.next().toString())
                .put("ce_type", type)
                .put("ce_source", "/carillon/scheduler")
                .put("ce_subject", message.id().toString())
                .put("ce_partitionkey", key)
                .put("ce_tenant", message.tenant())
                .put("ce_version", "1")
                .put("ce_time", occurredAt.toString())
                .put("content-type", "application/json")
                .put("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                .forEach(header -> sent.headers()
                        .add(header.getKey(), header.getValue().toString().getBytes(UTF_8)));
        producer().send(sent);
        producer().flush();
    }

    // Made when first needed: a test's fields are there before its broker is.
    private KafkaProducer<String, byte[]> producer() {
        var known = producer;
        if (known == null) {
            var servers = ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);
            known = new KafkaProducer<>(
                    Map.of("bootstrap.servers", servers), new StringSerializer(), new ByteArraySerializer());
            producer = known;
        }
        return known;
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close();
        }
    }
}
