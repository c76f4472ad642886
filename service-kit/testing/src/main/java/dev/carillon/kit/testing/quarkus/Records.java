package dev.carillon.kit.testing.quarkus;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.ConfigProvider;

/** Puts events on topics as the relay does, in a test of the service that reads them. */
public final class Records implements AutoCloseable {
    private final KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
            Map.of(
                    "bootstrap.servers",
                    ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class),
                    "linger.ms",
                    0),
            new StringSerializer(),
            new ByteArraySerializer());

    /**
     * Returns once the broker has it.
     *
     * @param headers those that differ from one event to another, {@code ce_id} among them
     */
    public void send(String topic, String key, Map<String, String> headers, String payload) {
        var event = new ProducerRecord<>(topic, key, payload.getBytes(UTF_8));
        var common = Map.of(
                "ce_specversion", "1.0", "ce_time", Instant.now().toString(), "content-type", "application/json");
        common.forEach((name, value) -> event.headers().add(name, value.getBytes(UTF_8)));
        headers.forEach((name, value) -> event.headers().add(name, value.getBytes(UTF_8)));
        try {
            producer.send(event).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
