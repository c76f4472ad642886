package dev.carillon.scheduler.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.kit.event.EventIds;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.ConfigProvider;

/** Says on Kafka what the delivery service would say. */
public final class Delivery implements AutoCloseable {
    private static final String TOPIC = "carillon.delivery.events.v1";

    private final EventIds ids = new EventIds();
    private final UUID deliveryId = UUID.randomUUID();
    private final KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
            Map.of(
                    "bootstrap.servers",
                    ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class),
                    "linger.ms",
                    0),
            new StringSerializer(),
            new ByteArraySerializer());

    /** Reports {@code kind} (such as {@code delivered}) of the message's first generation, at the delivery's {@code version}. */
    public UUID says(String kind, String messageId, long version, int attempts) {
        return says(kind, messageId, version, """
                {"messageId":"%s","generation":1,"deliveryId":"%s","attempts":%d,"possiblyDelivered":false,"firedAt":%s,
                 "channel":"a field that the scheduler does not know"}""".formatted(
                        messageId, deliveryId, attempts, attempts == 0 ? "null" : "\"2026-01-01T00:00:00.250Z\""));
    }

    public UUID says(String kind, String messageId, long version, String payload) {
        var id = ids.next();
        send(id, kind, messageId, version, payload);
        return id;
    }

    public void send(UUID id, String kind, String messageId, long version, String payload) {
        var message = new ProducerRecord<>(TOPIC, messageId, payload.getBytes(UTF_8));
        Map.of(
                        "ce_specversion",
                        "1.0",
                        "ce_id",
                        id.toString(),
                        "ce_type",
                        "carillon.delivery." + kind + ".v1",
                        "ce_source",
                        "/carillon/delivery",
                        "ce_subject",
                        deliveryId.toString(),
                        "ce_tenant",
                        "acme",
                        "ce_version",
                        Long.toString(version),
                        "ce_time",
                        Instant.now().toString(),
                        "content-type",
                        "application/json")
                .forEach((name, value) -> message.headers().add(name, value.getBytes(UTF_8)));
        try {
            producer.send(message).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
