package dev.carillon.kit.inbox;

import static dev.carillon.kit.inbox.InboxFixture.PATIENCE;
import static dev.carillon.kit.inbox.InboxFixture.TOPIC;
import static dev.carillon.kit.inbox.InboxFixture.batch;
import static dev.carillon.kit.inbox.InboxFixture.headers;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.testing.log.LogLines;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.smallrye.mutiny.Uni;
import io.vertx.core.impl.ContextInternal;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InboxTest {
    private InboxFixture on;

    @BeforeEach
    void start() {
        on = new InboxFixture();
    }

    @AfterEach
    void stop() {
        on.close();
    }

    @Test
    void an_event_has_one_effect_however_often_it_is_read_even_twice_in_one_batch() {
        var id = on.id();
        on.consume(on.message(id, "once"), on.message(id, "once"), on.message("other"));
        on.consume(on.message(id, "once"));
        assertThat(on.effects()).containsExactly("once", "other");
        assertThat(on.db.count("SELECT count(*) FROM inbox")).isEqualTo(2);
        assertThat(on.counted("carillon.inbox.applied")).isEqualTo(2);
        assertThat(on.counted("carillon.inbox.duplicates")).isEqualTo(2);
    }

    @Test
    void a_batch_has_a_trace_of_its_own_that_leads_to_those_of_its_events_and_each_of_these_goes_on() {
        on.consume(traced(1), on.message("untraced"), traced(2));

        var batch = on.ended.named(TOPIC + " process batch");
        assertThat(batch).singleElement().satisfies(span -> {
            assertThat(span.getParentSpanContext().isValid()).isFalse();
            assertThat(span.getLinks())
                    .extracting(link -> link.getSpanContext().getTraceId())
                    .containsExactly(cause(1).traceId(), cause(2).traceId());
        });
        assertThat(on.ended.named(TOPIC + " process"))
                .extracting(SpanData::getTraceId)
                .hasSize(3)
                .contains(cause(1).traceId(), cause(2).traceId())
                .doesNotContain(batch.getFirst().getTraceId());
    }

    @Test
    void an_event_alone_is_no_batch() {
        on.consume(traced(1));
        assertThat(on.ended.spans).singleElement().satisfies(span -> assertThat(span.getName())
                .isEqualTo(TOPIC + " process"));
    }

    @Test
    void the_span_of_an_event_tells_where_it_was_read_and_what_it_is_about() {
        on.consume(traced(1));
        var attributes = on.ended.spans.getFirst().getAttributes();
        assertThat(attributes.get(AttributeKey.stringKey("messaging.consumer.group.name")))
                .isEqualTo("tester");
        assertThat(attributes.get(AttributeKey.stringKey("messaging.operation.name")))
                .isEqualTo("process");
        assertThat(attributes.get(AttributeKey.stringKey("messaging.destination.partition.id")))
                .isEqualTo("0");
        assertThat(attributes.get(AttributeKey.longKey("messaging.kafka.offset")))
                .isNotNegative();
        assertThat(attributes.get(AttributeKey.stringKey("carillon.tenant"))).isEqualTo("acme");
    }

    @Test
    void an_effect_is_part_of_its_events_span_and_that_of_several_of_the_batch() {
        var active = new ConcurrentLinkedQueue<String>();
        Inbox.Effect effect = (tx, events) -> {
            active.add(Span.current().getSpanContext().getSpanId());
            return on.apply(tx, events);
        };
        onOwnContext(() -> on.inbox.consume("tester", batch(traced(1)), effect));
        onOwnContext(() -> on.inbox.consume("tester", batch(traced(2), traced(3)), effect));

        assertThat(active)
                .containsExactly(
                        on.ended.named(TOPIC + " process").getFirst().getSpanId(),
                        on.ended.named(TOPIC + " process batch").getFirst().getSpanId());
    }

    private void onOwnContext(Supplier<Uni<Void>> work) {
        var own = ((ContextInternal) on.db.vertx.getDelegate().getOrCreateContext())
                .unwrap()
                .duplicate();
        Uni.createFrom()
                .deferred(() -> work.get())
                .runSubscriptionOn(step -> own.runOnContext(ignored -> step.run()))
                .await()
                .atMost(PATIENCE);
    }

    private ConsumerRecord<String, byte[]> traced(int number) {
        var message = on.message("traced " + number);
        message.headers()
                .add("traceparent", String.valueOf(cause(number).traceparent()).getBytes(UTF_8));
        return message;
    }

    private static TraceContext cause(int number) {
        return TraceContext.of("%032x".formatted(0xabc0 + number), "%016x".formatted(0xdef0 + number));
    }

    @Test
    void two_consumers_of_one_service_each_have_their_own_effect() {
        var id = on.id();
        on.inbox.consume("first", batch(on.message(id, "a")), on::apply).await().atMost(PATIENCE);
        on.inbox
                .consume("second", batch(on.message(id, "a")), on::apply)
                .await()
                .atMost(PATIENCE);
        assertThat(on.effects()).containsExactly("a", "a");
    }

    @Test
    void
            what_is_of_no_concern_has_no_effect_and_leaves_no_row_and_what_is_no_event_becomes_a_dead_letter_all_the_same() {
        var none = new ConsumerRecord<>(TOPIC, 0, 7L, "key", "value".getBytes(UTF_8));
        on.inbox
                .consume(
                        "tester",
                        "tester",
                        batch(on.message("a"), on.message("of no concern"), none, on.message("b")),
                        event -> !new String(event.payload(), UTF_8).equals("of no concern"),
                        on::apply)
                .await()
                .atMost(PATIENCE);
        assertThat(on.effects()).containsExactly("a", "b");
        assertThat(on.db.count("SELECT count(*) FROM inbox")).isEqualTo(2);
        assertThat(on.deadLetters).hasSize(1);
    }

    @Test
    void a_record_that_cannot_be_applied_becomes_a_dead_letter_and_the_others_are_applied() {
        var poison = on.message("poison of ana@example.org");
        on.consume(on.message("a"), poison, on.message("b"));
        assertThat(on.effects()).containsExactlyInAnyOrder("a", "b");
        assertThat(on.deadLetters).singleElement().satisfies(letter -> {
            assertThat(letter.topic()).isEqualTo(TOPIC + ".tester.dlq");
            assertThat(letter.key()).isEqualTo(poison.key());
            assertThat(new String(letter.value(), UTF_8)).isEqualTo("poison of ana@example.org");
            assertThat(headers(letter))
                    .containsEntry("x-carillon-dlq-topic", TOPIC)
                    .containsEntry("x-carillon-dlq-partition", "0")
                    .containsEntry("x-carillon-dlq-offset", Long.toString(poison.offset()))
                    .containsEntry("x-carillon-dlq-key", poison.key())
                    .containsEntry("x-carillon-dlq-group", "tester")
                    .containsEntry("x-carillon-dlq-reason", "not-applied")
                    .containsEntry("x-carillon-dlq-attempts", "1")
                    .containsEntry(
                            "x-carillon-dlq-error", "PostgreSQL 23514, constraint effect_payload_check, table effect")
                    .containsKeys("x-carillon-dlq-first-failed-at", "x-carillon-dlq-last-failed-at", "ce_id");
        });
        assertThat(on.counted("carillon.inbox.dead.letters")).isEqualTo(1);
    }

    @Test
    void a_dead_letter_leaves_a_line_by_which_the_record_and_its_trace_are_found() {
        var poison = on.message("poison of ana@example.org");
        poison.headers().add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".getBytes(UTF_8));
        try (var log = LogLines.of(DeadLetters.class)) {
            on.consume(poison);

            assertThat(log.lines()).singleElement().satisfies(line -> {
                assertThat(line.level()).isEqualTo("ERROR");
                assertThat(line.fields())
                        .containsEntry("traceId", "0af7651916cd43dd8448eb211c80319c")
                        .containsEntry(
                                "eventId", headers(on.deadLetters.getFirst()).get("ce_id"))
                        .containsEntry("eventType", "carillon.test.v1")
                        .containsEntry("subject", "subject")
                        .containsEntry("tenant", "acme")
                        .containsEntry("reason", "not-applied");
                assertThat(line.toString()).doesNotContain("ana");
            });
        }
    }

    @Test
    void a_dead_letter_that_comes_round_again_does_not_grow_and_its_attempts_go_on_counting() {
        on.consume(on.message("poison"));
        var first = on.deadLetters.getFirst();
        on.consume(on.redriven(first));
        on.consume(on.redriven(on.deadLetters.getLast()));

        var third = on.deadLetters.getLast();
        assertThat(headers(third).keySet()).isEqualTo(headers(first).keySet());
        assertThat(third.headers().toArray()).hasSameSizeAs(first.headers().toArray());
        assertThat(headers(third))
                .containsEntry("x-carillon-dlq-attempts", "3")
                .containsEntry("x-carillon-dlq-offset", "2")
                .containsEntry("ce_id", headers(first).get("ce_id"))
                .containsEntry("x-carillon-dlq-first-failed-at", headers(first).get("x-carillon-dlq-first-failed-at"));
        assertThat(Instant.parse(headers(third).get("x-carillon-dlq-last-failed-at")))
                .isAfterOrEqualTo(Instant.parse(headers(first).get("x-carillon-dlq-last-failed-at")));
    }

    @Test
    void what_another_group_counted_is_not_carried_on() {
        on.consume(on.message("poison"));
        on.inbox
                .consume("other", batch(on.redriven(on.deadLetters.getFirst())), on::apply)
                .await()
                .atMost(PATIENCE);
        assertThat(headers(on.deadLetters.getLast()))
                .containsEntry("x-carillon-dlq-group", "other")
                .containsEntry("x-carillon-dlq-attempts", "1");
    }

    @Test
    void a_redriven_dead_letter_whose_cause_is_gone_has_its_effect_once() {
        on.consume(on.message("poison"));
        on.db.execute("ALTER TABLE effect DROP CONSTRAINT effect_payload_check");
        on.consume(on.redriven(on.deadLetters.getFirst()));
        on.consume(on.redriven(on.deadLetters.getFirst()));
        assertThat(on.effects()).containsExactly("poison");
        assertThat(on.deadLetters).hasSize(1);
    }

    @Test
    void a_record_that_is_no_event_becomes_a_dead_letter() {
        on.consume(new ConsumerRecord<>(TOPIC, 0, 7L, "key", "value".getBytes(UTF_8)), on.message("a"));
        assertThat(on.effects()).containsExactly("a");
        assertThat(on.deadLetters).singleElement().satisfies(letter -> assertThat(headers(letter))
                .containsEntry("x-carillon-dlq-reason", "unreadable")
                .containsEntry("x-carillon-dlq-error", "UnreadableEvent: header ce_id is missing"));
    }

    @Test
    void a_record_without_a_value_becomes_a_dead_letter() {
        on.consume(new ConsumerRecord<>(TOPIC, 0, 0L, "key", null));
        on.consume(on.message("a"));
        assertThat(on.effects()).containsExactly("a");
        assertThat(on.deadLetters).hasSize(1);
    }

    @Test
    void an_id_that_has_no_day_makes_a_dead_letter() {
        on.consume(on.message(UUID.fromString("0b6a1b0e-7a3c-4c1d-9d6e-1f2a3b4c5d6e"), "of no day"));
        assertThat(on.effects()).isEmpty();
        assertThat(headers(on.deadLetters.getFirst())).containsEntry("x-carillon-dlq-reason", "unreadable");
    }

    @Test
    void a_header_without_a_value_is_a_missing_one() {
        var damaged = on.message("damaged");
        damaged.headers().remove("ce_type");
        damaged.headers().add("ce_type", null);
        var untraced = on.message("untraced");
        untraced.headers().add("traceparent", null);

        on.consume(damaged, untraced);

        assertThat(on.effects()).containsExactly("untraced");
        assertThat(on.deadLetters).singleElement().satisfies(letter -> assertThat(headers(letter))
                .extractingByKey("x-carillon-dlq-error")
                .asString()
                .contains("ce_type is missing"));
    }

    @Test
    void a_dead_letter_that_the_broker_finds_too_large_is_kept_without_its_value() {
        var large = new ConsumerRecord<>(TOPIC, 3, 5L, "key", new byte[1_000_001]);
        on.consume(large, on.message("a"));
        assertThat(on.effects()).containsExactly("a");
        assertThat(on.deadLetters).singleElement().satisfies(letter -> {
            assertThat(letter.value()).isEmpty();
            assertThat(headers(letter))
                    .containsEntry("x-carillon-dlq-omitted-bytes", "1000001")
                    .containsEntry("x-carillon-dlq-partition", "3")
                    .containsEntry("x-carillon-dlq-offset", "5");
        });
    }

    @Test
    void a_bug_in_a_statements_parameters_makes_a_dead_letter_and_holds_up_nobody() {
        on.inbox
                .consume(
                        "tester",
                        batch(on.message("a"), on.message("b")),
                        (tx, events) -> events.stream()
                                        .anyMatch(event -> new String(event.payload(), UTF_8).equals("b"))
                                ? tx.run("SELECT $1::int", Tuple.of("text")).replaceWithVoid()
                                : on.apply(tx, events))
                .await()
                .atMost(PATIENCE);
        assertThat(on.effects()).containsExactly("a");
        assertThat(on.deadLetters).hasSize(1);
    }

    @Test
    void while_the_database_is_away_the_batch_waits_and_nothing_becomes_a_dead_letter() {
        var tries = new AtomicInteger();
        var done = on.inbox
                .consume("tester", batch(on.message("late")), (tx, events) -> {
                    // The first tries find their connection killed, as in a restart of the server.
                    return tries.incrementAndGet() < 4
                            ? tx.run("SELECT pg_terminate_backend(pg_backend_pid())", Tuple.tuple())
                                    .replaceWithVoid()
                            : on.apply(tx, events);
                })
                .subscribeAsCompletionStage();
        await().atMost(PATIENCE).until(done::isDone);
        assertThat(on.effects()).containsExactly("late");
        assertThat(on.deadLetters).isEmpty();
    }
}
