package dev.carillon.relay.deadletter.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.relay.deadletter.Backlog;
import dev.carillon.relay.deadletter.DeadLetter;
import dev.carillon.relay.deadletter.DeadLetterPage;
import dev.carillon.relay.deadletter.DeadLetterPage.Place;
import dev.carillon.relay.deadletter.DeadLetters.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads pages of dead letters, in no group. */
final class Reader {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int EXCERPT_BYTES = 1_000;

    private final Map<String, Object> settings;

    Reader(Map<String, Object> kafka) {
        settings = new HashMap<>(kafka);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    }

    DeadLetterPage page(Backlog backlog, Place from, int limit) {
        var letters = new ArrayList<DeadLetter>();
        var deserializer = new ByteArrayDeserializer();
        try (var consumer = new KafkaConsumer<>(settings, deserializer, deserializer)) {
            for (var one : new TreeMap<>(backlog.partitions())
                    .tailMap(from.partition())
                    .entrySet()) {
                var span = one.getValue();
                long first = one.getKey() == from.partition() ? Math.max(from.offset(), span.start()) : span.start();
                if (first >= span.end()) {
                    continue;
                }
                if (letters.size() == limit) {
                    return new DeadLetterPage(letters, new Place(one.getKey(), first));
                }
                var partition = new TopicPartition(backlog.topic().name(), one.getKey());
                long next = read(consumer, partition, first, span, limit, letters);
                if (next < span.end()) {
                    return new DeadLetterPage(letters, new Place(one.getKey(), next));
                }
            }
            return new DeadLetterPage(letters, null);
        } catch (KafkaException failure) {
            throw new Unavailable("Kafka does not answer: " + failure.getMessage(), failure);
        }
    }

    /** Gives the offset after the last one that was read. */
    private static long read(
            KafkaConsumer<byte[], byte[]> consumer,
            TopicPartition partition,
            long first,
            Backlog.Span span,
            int limit,
            List<DeadLetter> letters) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, first);
        var deadline = Instant.now().plus(PATIENCE);
        long next = first;
        while (letters.size() < limit && next < span.end()) {
            for (var record : consumer.poll(Duration.ofMillis(200))) {
                if (letters.size() < limit && record.offset() < span.end()) {
                    letters.add(letter(record, record.offset() < span.next()));
                    next = record.offset() + 1;
                    deadline = Instant.now().plus(PATIENCE);
                }
            }
            if (letters.size() < limit) {
                next = Math.max(next, consumer.position(partition));
            }
            if (Instant.now().isAfter(deadline)) {
                throw new Unavailable("Kafka gives no records of " + partition, new IllegalStateException("late"));
            }
        }
        return next;
    }

    private static DeadLetter letter(ConsumerRecord<byte[], byte[]> record, boolean redriven) {
        var headers = new TreeMap<String, String>();
        record.headers().forEach(header -> headers.put(header.key(), excerpt(header.value())));
        return new DeadLetter(
                record.partition(),
                record.offset(),
                record.key() == null ? null : excerpt(record.key()),
                headers,
                record.value() == null ? 0 : record.value().length,
                excerpt(record.value()),
                redriven);
    }

    /** Text of whatever it is: what is no UTF-8, or cut through, becomes the replacement character. */
    private static String excerpt(byte[] bytes) {
        return bytes == null ? "" : new String(bytes, 0, Math.min(bytes.length, EXCERPT_BYTES), UTF_8);
    }
}
