package dev.carillon.relay.deadletter.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.kafka.KafkaServer;
import dev.carillon.kit.testing.kafka.Topic;
import dev.carillon.relay.deadletter.DeadLetterTopic;
import dev.carillon.relay.deadletter.Redrive;
import io.quarkus.runtime.ShutdownEvent;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedrivesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final KafkaServer KAFKA = KafkaServer.shared();
    private static final Map<String, Object> SETTINGS = Map.of("bootstrap.servers", KAFKA.bootstrapServers());

    private final String topic = "test." + UUID.randomUUID();
    private final DeadLetterTopic deadLetters =
            DeadLetterTopic.named(topic + ".readers.dlq").orElseThrow();
    private final KafkaDeadLetters one = new KafkaDeadLetters(SETTINGS);
    private final KafkaDeadLetters other = new KafkaDeadLetters(SETTINGS);

    @BeforeEach
    void putLetters() {
        KAFKA.createTopics(new Topic(topic, 2, Map.of()), new Topic(deadLetters.name(), 2, Map.of()));
        try (var producer = new KafkaProducer<>(SETTINGS, new StringSerializer(), new StringSerializer())) {
            for (int letter = 0; letter < 40; letter++) {
                producer.send(new ProducerRecord<>(deadLetters.name(), "key-" + letter, "{}"));
            }
        }
    }

    @AfterEach
    void end() {
        one.end(new ShutdownEvent());
        other.end(new ShutdownEvent());
    }

    @Test
    void of_two_relays_that_are_asked_at_once_for_one_redrive_one_finishes_it() {
        one.begin(deadLetters, 1_000, "one");
        // Before the first one's run has joined the group, which is what would refuse this.
        other.begin(deadLetters, 1_000, "other");

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(one.latest(deadLetters))
                .hasValueSatisfying(redrive -> assertThat(redrive.status()).isEqualTo(Redrive.Status.FINISHED)));
    }
}
