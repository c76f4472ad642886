package dev.carillon.booking.support;

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

/** Says on Kafka what the scheduler would say of messages. */
public final class Scheduler implements AutoCloseable {
    private static final String TOPIC = "carillon.message.events.v1";

    private final EventIds ids = new EventIds();
    private final KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
            Map.of(
                    "bootstrap.servers",
                    ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class),
                    "linger.ms",
                    0),
            new StringSerializer(),
            new ByteArraySerializer());

    /** That a reminder of {@code booking} got into {@code status}, at the message's {@code version}. */
    public void says(String tenant, String booking, UUID message, String status, long version) {
        send(tenant, message, status, version, """
                {"messageId":"%s","status":"%s","generation":1,"source":{"type":"booking","id":"%s"},"channel":"email",
                 "metadata":{"purpose":"reminder","before":"PT1H"},"error":"550 no such mailbox","attempts":1,"more":{"than":"is read"}}""".formatted(message, status, booking));
    }

    public void send(String tenant, UUID message, String status, long version, String payload) {
        var record = new ProducerRecord<>(TOPIC, message.toString(), payload.getBytes(UTF_8));
        Map.of(
                        "ce_specversion",
                        "1.0",
                        "ce_id",
                        ids.next().toString(),
                        "ce_type",
                        "carillon.message." + status + ".v1",
                        "ce_source",
                        "/carillon/scheduler",
                        "ce_subject",
                        message.toString(),
                        "ce_tenant",
                        tenant,
                        "ce_version",
                        Long.toString(version),
                        "ce_time",
                        Instant.now().toString(),
                        "content-type",
                        "application/json")
                .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        try {
            producer.send(record).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
