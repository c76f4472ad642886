package dev.carillon.kit.testing.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic from its start for as long as it is open, whatever happens to the broker, and records every event that it sees. */
public final class TopicFollower implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TopicFollower.class.getName());

    private final String topic;
    private final Recorder recorder;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final AtomicBoolean open = new AtomicBoolean(true);
    private final Thread thread;

    /** The topic must be there. */
    public TopicFollower(String bootstrapServers, String topic, Recorder recorder) {
        this.topic = topic;
        this.recorder = recorder;
        this.consumer = new KafkaConsumer<>(
                settings(bootstrapServers), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        this.thread = Thread.ofPlatform().daemon().name("follow-" + topic).start(this::follow);
    }

    private static Map<String, Object> settings(String bootstrapServers) {
        return Map.of(
                "bootstrap.servers", bootstrapServers,
                "enable.auto.commit", "false",
                "auto.offset.reset", "earliest",
                "allow.auto.create.topics", "false",
                "reconnect.backoff.max.ms", "200",
                "fetch.max.wait.ms", "100");
    }

    private void follow() {
        try (consumer) {
            while (open.get()) {
                poll();
            }
        }
    }

    private void poll() {
        try {
            consumer.poll(Duration.ofMillis(100)).forEach(found -> eventId(found)
                    .ifPresent(id -> recorder.published(new Published(
                            id, topic, found.partition(), found.offset(), Instant.ofEpochMilli(found.timestamp())))));
        } catch (RetriableException brokerIsAway) {
            LOG.fine(() -> topic + " is asked again after " + brokerIsAway);
        }
    }

    /** Empty for a record that is no event. */
    private static Optional<UUID> eventId(ConsumerRecord<byte[], byte[]> found) {
        Header header = found.headers().lastHeader("ce_id");
        if (header == null || header.value() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(UUID.fromString(new String(header.value(), UTF_8)));
        } catch (IllegalArgumentException noId) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        open.set(false);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
