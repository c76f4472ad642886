package dev.carillon.kit.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.kit.KitDatabase;
import dev.carillon.kit.event.Event;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.testing.messaging.DeadLetterClients;
import dev.carillon.kit.testing.telemetry.EndedSpans;
import dev.carillon.kit.tx.Tx;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;

/** An inbox on a fresh database, whose effects are rows of the table {@code effect} and whose dead letters are kept in a list. */
final class InboxFixture implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final String TOPIC = "carillon.test.v1";
    private static final int MOST_BYTES = 1_000_000;

    final List<ProducerRecord<String, byte[]>> deadLetters = Collections.synchronizedList(new ArrayList<>());
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final EndedSpans ended = new EndedSpans();
    final KitDatabase db = KitDatabase.fresh();
    final InboxKeeper keeper;
    final Floods floods;
    final Inbox inbox;

    private final EventIds ids = new EventIds();
    private long offset;

    InboxFixture() {
        this(new Settings());
    }

    InboxFixture(Settings settings) {
        db.execute(
                "CREATE TABLE effect (payload text CHECK (payload NOT LIKE 'poison%'), n bigint GENERATED ALWAYS AS IDENTITY)");
        var metrics = new InboxMetrics(meters);
        keeper = new InboxKeeper(db.vertx.getDelegate(), settings, db.transactions);
        floods = new Floods(settings, metrics);
        inbox = anotherInstance(settings, metrics);
    }

    private Inbox anotherInstance(Settings settings, InboxMetrics metrics) {
        return new Inbox(
                db.transactions,
                new DeadLetters(new DeadLetterClients(this::take), metrics),
                new Traces(ended.telemetry()),
                keeper,
                floods,
                metrics);
    }

    /** Stands in for the broker: takes every record that is not too large. The real one is met in the services' tests. */
    private Uni<Void> take(ProducerRecord<String, byte[]> letter) {
        if (letter.value() != null && letter.value().length > MOST_BYTES) {
            return Uni.createFrom().failure(new RecordTooLargeException("too large"));
        }
        deadLetters.add(letter);
        return Uni.createFrom().voidItem();
    }

    UUID id() {
        return ids.next();
    }

    void consume(ConsumerRecord<?, ?>... records) {
        started(records).await().atMost(PATIENCE);
    }

    Uni<Void> started(ConsumerRecord<?, ?>... records) {
        return inbox.consume("tester", batch(records), this::apply);
    }

    Uni<Void> apply(Tx tx, List<Event> events) {
        var payloads =
                events.stream().map(event -> new String(event.payload(), UTF_8)).toArray(String[]::new);
        return tx.run("INSERT INTO effect SELECT unnest($1::text[])", Tuple.of(payloads))
                .replaceWithVoid();
    }

    /** In the order in which they were made. */
    List<String> effects() {
        return db.texts("SELECT payload FROM effect ORDER BY n");
    }

    ConsumerRecord<String, byte[]> message(String payload) {
        return message(id(), payload);
    }

    ConsumerRecord<String, byte[]> message(UUID id, String payload) {
        return message(id, "key-" + id, payload);
    }

    ConsumerRecord<String, byte[]> message(UUID id, String key, String payload) {
        var message = new ConsumerRecord<>(TOPIC, 0, offset++, key, payload.getBytes(UTF_8));
        Map.of(
                        "ce_id", id.toString(),
                        "ce_type", "carillon.test.v1",
                        "ce_source", "/test",
                        "ce_subject", "subject",
                        "ce_tenant", "acme",
                        "ce_version", "1",
                        "ce_time", "2026-01-01T00:00:00Z")
                .forEach((name, value) -> message.headers().add(name, value.getBytes(UTF_8)));
        return message;
    }

    /** As it comes from the topic after a redrive. */
    ConsumerRecord<String, byte[]> redriven(ProducerRecord<String, byte[]> letter) {
        var again = new ConsumerRecord<>(TOPIC, 0, offset++, letter.key(), letter.value());
        letter.headers().forEach(again.headers()::add);
        return again;
    }

    @SuppressWarnings("unchecked")
    static ConsumerRecords<String, byte[]> batch(ConsumerRecord<?, ?>... records) {
        Map<TopicPartition, List<ConsumerRecord<String, byte[]>>> typed = new LinkedHashMap<>();
        for (var one : records) {
            typed.computeIfAbsent(new TopicPartition(one.topic(), one.partition()), partition -> new ArrayList<>())
                    .add((ConsumerRecord<String, byte[]>) one);
        }
        return new ConsumerRecords<>(typed, Map.of());
    }

    static Map<String, String> headers(ProducerRecord<String, byte[]> letter) {
        var headers = new LinkedHashMap<String, String>();
        letter.headers()
                .forEach(header ->
                        headers.put(header.key(), header.value() == null ? "" : new String(header.value(), UTF_8)));
        return headers;
    }

    double counted(String meter) {
        return meters.find(meter).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    @Override
    public void close() {
        db.close();
    }

    /** With probes that do not keep a test waiting. */
    record Settings(Duration retention, Duration topicRetention, Duration redriveHorizon, Flood flood)
            implements InboxSettings {
        Settings() {
            this(Duration.ofDays(30), Duration.ofDays(7), Duration.ofDays(14), new Flood(0.5, 10, 50));
        }

        record Flood(double share, int least, int window) implements InboxSettings.Flood {
            @Override
            public Duration firstWait() {
                return Duration.ofMillis(20);
            }

            @Override
            public Duration longestWait() {
                return Duration.ofMillis(100);
            }
        }
    }
}
