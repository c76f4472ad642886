package dev.carillon.relay.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.testing.kafka.KafkaServer;
import dev.carillon.kit.testing.kafka.Topic;
import dev.carillon.relay.Events;
import dev.carillon.relay.Place;
import dev.carillon.relay.Publication;
import dev.carillon.relay.RecordKey;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

class KafkaBrokerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int EVENTS = 40;
    private static final KafkaServer KAFKA = KafkaServer.shared();
    private static final Map<String, Object> SETTINGS = Map.of("bootstrap.servers", KAFKA.bootstrapServers());

    private final String topic = "test." + UUID.randomUUID();

    @Test
    void the_place_of_a_key_is_the_partition_that_its_events_come_to() {
        KAFKA.createTopics(Topic.named(topic));
        var topics = new Topics(SETTINGS);
        try (var broker = new KafkaBroker(
                ProducerSettings.of(SETTINGS, Duration.ofSeconds(3), Duration.ofMillis(1)),
                topics,
                new Traces(OpenTelemetry.noop()))) {
            assertThat(broker.place(new RecordKey(topic, "key"))).isEqualTo(new Place(topic, Place.UNKNOWN));
            for (int seq = 0; seq < EVENTS; seq++) {
                int event = seq;
                await().atMost(PATIENCE)
                        .until(() -> broker.publish(Events.event(1, event, topic, "kéy-" + event))
                                        .toCompletableFuture()
                                        .join()
                                instanceof Publication.Acknowledged);
            }
            // It is learnt just after the first acknowledgement.
            await().atMost(PATIENCE)
                    .until(() -> broker.place(new RecordKey(topic, "key")).part() != Place.UNKNOWN);

            assertThat(partitions()).hasSize(EVENTS).allSatisfy((key, partition) -> assertThat(
                            broker.place(new RecordKey(topic, key)))
                    .isEqualTo(new Place(topic, partition)));
        } finally {
            topics.close();
        }
    }

    private Map<String, Integer> partitions() {
        Map<String, Integer> found = new HashMap<>();
        Map<String, Object> settings =
                Map.of("bootstrap.servers", KAFKA.bootstrapServers(), "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(consumer.partitionsFor(topic).stream()
                    .map(one -> new TopicPartition(topic, one.partition()))
                    .toList());
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> found.put(record.key(), record.partition()));
                return found.size() == EVENTS;
            });
        }
        return found;
    }
}
