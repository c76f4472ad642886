package dev.carillon.kit.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.KitDatabase;
import dev.carillon.kit.event.Event;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.tx.Tx;
import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.KafkaProducer;
import io.vertx.mutiny.sqlclient.Tuple;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InboxTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String TOPIC = "carillon.test.v1";

    private final EventIds ids = new EventIds();
    private final List<ProducerRecord<String, byte[]>> deadLetters = Collections.synchronizedList(new ArrayList<>());
    private KitDatabase db;
    private Inbox inbox;

    @BeforeEach
    void start() {
        db = KitDatabase.fresh();
        db.execute("CREATE TABLE effect (payload text CHECK (payload <> 'poison'))");
        inbox = new Inbox(
                db.transactions, new DeadLetters(new Producers(deadLetters)), new Traces(OpenTelemetry.noop()));
    }

    @AfterEach
    void stop() {
        db.close();
    }

    @Test
    void an_event_has_one_effect_however_often_it_is_read_even_twice_in_one_batch() {
        var id = ids.next();
        consume(message(id, "once"), message(id, "once"), message(ids.next(), "other"));
        consume(message(id, "once"));
        assertThat(effects()).containsExactlyInAnyOrder("once", "other");
        assertThat(db.count("SELECT count(*) FROM inbox")).isEqualTo(2);
    }

    @Test
    void two_consumers_of_one_service_each_have_their_own_effect() {
        var id = ids.next();
        inbox.consume("first", batch(message(id, "a")), this::apply).await().atMost(PATIENCE);
        inbox.consume("second", batch(message(id, "a")), this::apply).await().atMost(PATIENCE);
        assertThat(effects()).containsExactly("a", "a");
    }

    @Test
    void a_record_that_cannot_be_applied_becomes_a_dead_letter_and_the_others_are_applied() {
        consume(message(ids.next(), "a"), message(ids.next(), "poison"), message(ids.next(), "b"));
        assertThat(effects()).containsExactlyInAnyOrder("a", "b");
        assertThat(deadLetters).singleElement().satisfies(letter -> {
            assertThat(letter.topic()).isEqualTo(TOPIC + ".tester.dlq");
            assertThat(new String(letter.value(), UTF_8)).isEqualTo("poison");
            assertThat(headers(letter))
                    .containsEntry("x-carillon-dlq-topic", TOPIC)
                    .containsEntry("x-carillon-dlq-partition", "0")
                    .containsEntry("x-carillon-dlq-offset", "1")
                    .containsKeys("x-carillon-dlq-failed-at", "x-carillon-dlq-error", "ce_id");
        });
    }

    @Test
    void a_record_that_is_no_event_becomes_a_dead_letter_and_one_that_comes_round_again_does_not_grow() {
        var bare = new ConsumerRecord<>(TOPIC, 0, 0L, "key", "value".getBytes(UTF_8));
        consume(bare, message(ids.next(), "a"));
        var again = new ConsumerRecord<>(TOPIC, 0, 9L, "key", "value".getBytes(UTF_8));
        deadLetters.getFirst().headers().forEach(again.headers()::add);
        consume(again);

        assertThat(effects()).containsExactly("a");
        assertThat(deadLetters).hasSize(2);
        assertThat(deadLetters.getLast().headers().toArray())
                .hasSameSizeAs(deadLetters.getFirst().headers().toArray());
        assertThat(headers(deadLetters.getLast())).containsEntry("x-carillon-dlq-offset", "9");
    }

    @Test
    void a_record_without_a_value_becomes_a_dead_letter() {
        var empty = message(ids.next(), "gone");
        consume(new ConsumerRecord<>(TOPIC, 0, 0L, "key", null));
        consume(empty);
        assertThat(effects()).containsExactly("gone");
        assertThat(deadLetters).hasSize(1);
    }

    @Test
    void a_header_without_a_value_is_a_missing_one() {
        var damaged = message(ids.next(), "damaged");
        damaged.headers().remove("ce_type");
        damaged.headers().add("ce_type", null);
        var untraced = message(ids.next(), "untraced");
        untraced.headers().add("traceparent", null);

        consume(damaged, untraced);

        assertThat(effects()).containsExactly("untraced");
        assertThat(deadLetters).singleElement().satisfies(letter -> assertThat(headers(letter))
                .extractingByKey("x-carillon-dlq-error")
                .asString()
                .contains("ce_type is missing"));
    }

    @Test
    void a_bug_in_a_statements_parameters_makes_a_dead_letter_and_holds_up_nobody() {
        inbox.consume(
                        "tester",
                        batch(message(ids.next(), "a"), message(ids.next(), "b")),
                        (tx, events) -> events.stream()
                                        .anyMatch(event -> new String(event.payload(), UTF_8).equals("b"))
                                ? tx.run("SELECT $1::int", Tuple.of("text")).replaceWithVoid()
                                : apply(tx, events))
                .await()
                .atMost(PATIENCE);
        assertThat(effects()).containsExactly("a");
        assertThat(deadLetters).hasSize(1);
    }

    @Test
    void while_the_database_is_away_the_batch_waits_and_nothing_becomes_a_dead_letter() {
        var tries = new AtomicInteger();
        var done = inbox.consume("tester", batch(message(ids.next(), "late")), (tx, events) -> {
                    // The first tries find their connection killed, as in a restart of the server.
                    return tries.incrementAndGet() < 4
                            ? tx.run("SELECT pg_terminate_backend(pg_backend_pid())", Tuple.tuple())
                                    .replaceWithVoid()
                            : apply(tx, events);
                })
                .subscribeAsCompletionStage();
        await().atMost(PATIENCE).until(done::isDone);
        assertThat(effects()).containsExactly("late");
        assertThat(deadLetters).isEmpty();
    }

    private void consume(ConsumerRecord<?, ?>... records) {
        inbox.consume("tester", batch(records), this::apply).await().atMost(PATIENCE);
    }

    private Uni<Void> apply(Tx tx, List<Event> events) {
        var payloads =
                events.stream().map(event -> new String(event.payload(), UTF_8)).toArray(String[]::new);
        return tx.run("INSERT INTO effect SELECT unnest($1::text[])", Tuple.of(payloads))
                .replaceWithVoid();
    }

    private List<String> effects() {
        return db.texts("SELECT payload FROM effect");
    }

    private static ConsumerRecord<String, byte[]> message(UUID id, String payload) {
        var message = new ConsumerRecord<>(TOPIC, 0, 1L, "key", payload.getBytes(UTF_8));
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

    @SuppressWarnings("unchecked")
    private static ConsumerRecords<String, byte[]> batch(ConsumerRecord<?, ?>... records) {
        List<ConsumerRecord<String, byte[]>> typed = new ArrayList<>();
        for (var one : records) {
            typed.add((ConsumerRecord<String, byte[]>) one);
        }
        return new ConsumerRecords<>(Map.of(new TopicPartition(TOPIC, 0), typed), Map.of());
    }

    private static Map<String, String> headers(ProducerRecord<String, byte[]> letter) {
        var headers = new LinkedHashMap<String, String>();
        letter.headers()
                .forEach(header ->
                        headers.put(header.key(), header.value() == null ? "" : new String(header.value(), UTF_8)));
        return headers;
    }

    /** Stands in for the broker: takes every record. The real one is met in the services' tests. */
    private record Producers(List<ProducerRecord<String, byte[]>> taken) implements KafkaClientService {
        @Override
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
        public <K, V> KafkaProducer<K, V> getProducer(String channel) {
            return (KafkaProducer<K, V>) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {KafkaProducer.class}, (proxy, method, arguments) -> {
                        taken.add((ProducerRecord<String, byte[]>) arguments[0]);
                        return Uni.createFrom().nullItem();
                    });
        }

        @Override
        public <K, V> @Nullable KafkaConsumer<K, V> getConsumer(String channel) {
            return null;
        }

        @Override
        public <K, V> List<KafkaConsumer<K, V>> getConsumers(String channel) {
            return List.of();
        }

        @Override
        public Set<String> getConsumerChannels() {
            return Set.of();
        }

        @Override
        public Set<String> getProducerChannels() {
            return Set.of(DeadLetters.CHANNEL);
        }
    }
}
