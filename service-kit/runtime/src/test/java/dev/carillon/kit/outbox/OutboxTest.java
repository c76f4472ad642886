package dev.carillon.kit.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.KitDatabase;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.event.OutgoingEvent.Urgency;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.testing.log.LogLines;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final EventIds ids = new EventIds();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private KitDatabase db;
    private Outbox outbox;

    @BeforeEach
    void start() {
        db = KitDatabase.fresh();
        outbox = new Outbox(new OutboxHint(db.pool, db.vertx, Duration.ofMillis(50), Duration.ofMillis(20)), meters);
    }

    @AfterEach
    void stop() {
        db.close();
    }

    @Test
    void events_commit_with_the_callers_transaction_in_the_order_given() {
        append(List.of(event("k", "one"), event("k", "two"), event("k", "three")));
        assertThat(db.texts("SELECT convert_from(payload, 'UTF8') FROM outbox_event ORDER BY seq"))
                .containsExactly("one", "two", "three");
    }

    @Test
    void an_event_of_a_transaction_that_rolls_back_does_not_exist() {
        assertThatThrownBy(() -> db.transactions
                        .inTransaction(tx -> outbox.append(tx, event("k", "lost"))
                                .chain(() -> Uni.createFrom().<Void>failure(new IllegalStateException("rolled back"))))
                        .await()
                        .atMost(PATIENCE))
                .hasMessage("rolled back");
        assertThat(db.count("SELECT count(*) FROM outbox_event")).isZero();
        assertThat(meters.getMeters()).isEmpty();
    }

    @Test
    void what_has_committed_is_counted_by_its_type() {
        append(List.of(event("a", "1"), event("b", "2")));
        append(List.of(event("a", "3")));
        assertThat(meters.counter("carillon.outbox.appended", "type", "type.v1").count())
                .isEqualTo(3);
    }

    @Test
    void a_type_that_is_announced_is_counted_as_none_until_there_is_one() {
        outbox.countFromNow(List.of("type.v1", "other.v1"));
        assertThat(meters.get("carillon.outbox.appended").counters())
                .hasSize(2)
                .allSatisfy(counter -> assertThat(counter.count()).isZero());
        append(List.of(event("a", "1")));
        assertThat(meters.counter("carillon.outbox.appended", "type", "type.v1").count())
                .isEqualTo(1);
        assertThat(meters.counter("carillon.outbox.appended", "type", "other.v1")
                        .count())
                .isZero();
    }

    @Test
    void what_has_committed_is_told_to_who_asks_with_the_trace_of_whatever_caused_it() {
        try (var log = LogLines.at(Level.FINE, "carillon.events")) {
            append(List.of(event("a", "1")));

            assertThat(log.lines()).singleElement().satisfies(line -> {
                assertThat(line.text()).isEqualTo("type.v1 of subject");
                assertThat(line.fields())
                        .containsEntry("subject", "subject")
                        .containsEntry("tenant", "acme")
                        .containsEntry("traceId", TRACEPARENT.substring(3, 35));
            });
        }
        try (var log = LogLines.at(Level.INFO, "carillon.events")) {
            append(List.of(event("a", "2")));
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void the_row_carries_the_whole_envelope_and_the_trace_of_whatever_caused_it() {
        append(List.of(event("a/key", "{}")));
        assertThat(db.texts(
                        "SELECT concat_ws(' ', topic, record_key, type, source, subject, tenant, version, traceparent,"
                                + " tracestate) FROM outbox_event"))
                .containsExactly("topic a/key type.v1 /source subject acme 7 " + TRACEPARENT + " vendor=1");
    }

    @Test
    void a_key_has_one_lane_and_keys_use_all_of_them() {
        assertThat(Outbox.lane("a")).isEqualTo(Outbox.lane("a")).isBetween((short) 0, (short) 63);
        assertThat(IntStream.range(0, 5_000)
                        .mapToObj(n -> Outbox.lane("key-" + n))
                        .distinct())
                .hasSize(64);
    }

    @Test
    void an_event_that_kafka_would_refuse_for_its_size_fails_the_transaction_instead() {
        var tooLarge = event("k", "x".repeat(Outbox.LARGEST_PAYLOAD + 1));
        assertThatThrownBy(() -> append(List.of(tooLarge)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most");
    }

    @Test
    void a_listening_relay_is_told_once_for_a_burst_and_never_inside_the_transaction() {
        var hints = new AtomicInteger();
        var database = db.database;
        var listener = PgConnection.connect(
                        db.vertx.getDelegate(),
                        new PgConnectOptions()
                                .setHost(database.host())
                                .setPort(database.port())
                                .setDatabase(database.name())
                                .setUser(database.user())
                                .setPassword(database.password()))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        listener.notificationHandler(hint -> hints.incrementAndGet());
        listener.query("LISTEN carillon_outbox")
                .execute()
                .toCompletionStage()
                .toCompletableFuture()
                .join();

        append(List.of(event("a", "1"), event("b", "2")));
        await().untilAsserted(() -> assertThat(hints.get()).isPositive());
        assertThat(hints.get()).isEqualTo(1);
        listener.close();
    }

    private void append(List<OutgoingEvent> events) {
        db.transactions.inTransaction(tx -> outbox.append(tx, events)).await().atMost(PATIENCE);
    }

    private OutgoingEvent event(String key, String payload) {
        return new OutgoingEvent(
                ids.next(),
                "topic",
                key,
                "type.v1",
                "/source",
                "subject",
                "acme",
                7,
                Instant.now(),
                new TraceContext(TRACEPARENT, "vendor=1"),
                payload.getBytes(UTF_8),
                Urgency.PROMPT);
    }
}
