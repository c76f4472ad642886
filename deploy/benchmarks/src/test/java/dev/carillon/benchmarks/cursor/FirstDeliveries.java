package dev.carillon.benchmarks.cursor;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What a consumer of a topic has read so far: each key's versions in the order of their first deliveries. */
final class FirstDeliveries implements AutoCloseable {
    private final KafkaConsumer<String, byte[]> consumer;
    private final Map<String, List<Long>> versions = new TreeMap<>();
    private int records;

    FirstDeliveries(String bootstrapServers, String topic) {
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList());
    }

    FirstDeliveries poll() {
        consumer.poll(Duration.ofMillis(50)).forEach(this::add);
        return this;
    }

    private void add(ConsumerRecord<String, byte[]> record) {
        records++;
        long version = Long.parseLong(
                new String(record.headers().lastHeader("ce_version").value(), StandardCharsets.UTF_8));
        List<Long> ofKey = versions.computeIfAbsent(record.key(), key -> new ArrayList<>());
        if (!ofKey.contains(version)) {
            ofKey.add(version);
        }
    }

    Map<String, List<Long>> versions() {
        return versions;
    }

    int distinct() {
        return versions.values().stream().mapToInt(List::size).sum();
    }

    int records() {
        return records;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
