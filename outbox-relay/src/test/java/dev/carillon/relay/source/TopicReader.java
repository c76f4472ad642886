package dev.carillon.relay.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.event.Event;
import dev.carillon.kit.event.EventHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads a topic from its start, as any consumer of the events would. */
final class TopicReader implements AutoCloseable {
    private final KafkaConsumer<String, byte[]> consumer;
    private final List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();

    TopicReader(String bootstrapServers, String topic) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrapServers,
                "enable.auto.commit", "false",
                "auto.offset.reset", "earliest",
                "allow.auto.create.topics", "false");
        consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
        consumer.assign(consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList());
    }

    /** Reads until what has been read satisfies {@code enough}. */
    TopicReader until(Duration within, Predicate<TopicReader> enough) {
        Instant deadline = Instant.now().plus(within);
        while (!enough.test(this)) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("Not within " + within + "; read " + records.size() + " records, by key "
                        + firstVersionsByKey());
            }
            consumer.poll(Duration.ofMillis(100)).forEach(records::add);
        }
        return this;
    }

    TopicReader untilDistinct(int events) {
        return until(Duration.ofSeconds(60), reader -> reader.distinct() >= events);
    }

    /** Reads whatever there is by now. */
    TopicReader toTheEnd() {
        var ends = consumer.endOffsets(consumer.assignment());
        return until(Duration.ofSeconds(60), reader -> ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue()));
    }

    int records() {
        return records.size();
    }

    int distinct() {
        var ids = new TreeSet<UUID>();
        events().forEach(event -> ids.add(event.id()));
        return ids.size();
    }

    List<Event> events() {
        return records.stream().map(EventHeaders::read).toList();
    }

    /** The versions of each key in the order of their first deliveries. */
    Map<String, List<Long>> firstVersionsByKey() {
        Map<String, List<Long>> versions = new LinkedHashMap<>();
        for (Event event : events()) {
            List<Long> ofKey = versions.computeIfAbsent(event.key(), key -> new ArrayList<>());
            if (!ofKey.contains(event.version())) {
                ofKey.add(event.version());
            }
        }
        return versions;
    }

    void assertInOrder() {
        assertThat(firstVersionsByKey())
                .allSatisfy((key, versions) -> assertThat(versions).isSorted());
    }

    /** Every event that was committed, and no other, each key's in the order of their appends. */
    void assertWhole(OutboxFixture outbox) {
        Map<String, List<Long>> committed = outbox.committed();
        untilDistinct(committed.values().stream().mapToInt(List::size).sum()).toTheEnd();
        assertThat(firstVersionsByKey()).isEqualTo(committed);
    }

    List<ConsumerRecord<String, byte[]>> raw() {
        return records;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
