package dev.carillon.scheduler.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.microprofile.config.ConfigProvider;

/** Reads dead letters as an operator would. */
public final class DeadLetterTopic {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private DeadLetterTopic() {}

    /** Waits for the event's dead letter. */
    public static ConsumerRecord<String, byte[]> letterOf(String topic, UUID eventId) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class),
                "group.id",
                UUID.randomUUID().toString(),
                "auto.offset.reset",
                "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            return await().atMost(PATIENCE)
                    .until(
                            () -> {
                                for (var letter : consumer.poll(Duration.ofMillis(200))) {
                                    if (eventId.toString().equals(header(letter, "ce_id"))) {
                                        return letter;
                                    }
                                }
                                return null;
                            },
                            found -> found != null);
        }
    }

    public static String header(ConsumerRecord<String, byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), UTF_8);
    }
}
