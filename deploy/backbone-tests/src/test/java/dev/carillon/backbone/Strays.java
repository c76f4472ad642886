package dev.carillon.backbone;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Records that are no events, put on the topics by somebody else, and found again among the dead letters by their keys. */
final class Strays implements AutoCloseable {
    private final String bootstrapServers;
    private final KafkaProducer<String, byte[]> producer;
    private final Set<String> put = ConcurrentHashMap.newKeySet();

    Strays(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringSerializer(), new ByteArraySerializer());
    }

    /** Three of different kinds; waits for the broker. */
    void put(int number) {
        String topic = Servers.CONSUMED.get(number % Servers.CONSUMED.size());
        put(new ProducerRecord<>(topic, "stray-bare-" + number, "no event".getBytes(UTF_8)));
        var nameless = new ProducerRecord<>(topic, "stray-nameless-" + number, "{}".getBytes(UTF_8));
        nameless.headers().add("ce_id", "nine".getBytes(UTF_8));
        put(nameless);
        var empty = new ProducerRecord<String, byte[]>(topic, "stray-empty-" + number, null);
        empty.headers().add("ce_type", UUID.randomUUID().toString().getBytes(UTF_8));
        put(empty);
    }

    private void put(ProducerRecord<String, byte[]> stray) {
        try {
            producer.send(stray).get();
            put.add(stray.key());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    Set<String> put() {
        return Set.copyOf(put);
    }

    /** The keys of all dead letters by now. */
    Set<String> deadLetters() {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            Collection<TopicPartition> partitions = Servers.CONSUMED.stream()
                    .map(Servers::deadLetters)
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(found -> new TopicPartition(found.topic(), found.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            var keys = new HashSet<String>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(letter -> keys.add(letter.key()));
            }
            return keys;
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
