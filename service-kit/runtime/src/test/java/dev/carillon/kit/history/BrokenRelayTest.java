package dev.carillon.kit.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.KitDatabase;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.event.OutgoingEvent.Urgency;
import dev.carillon.kit.history.SmallRelay.Row;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.outbox.OutboxHint;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.testing.history.Excuses;
import dev.carillon.kit.testing.history.Fault;
import dev.carillon.kit.testing.history.Finding;
import dev.carillon.kit.testing.history.HistoryChecker;
import dev.carillon.kit.testing.history.Parked;
import dev.carillon.kit.testing.history.Recorder;
import dev.carillon.kit.testing.history.Rule;
import dev.carillon.kit.testing.history.TopicFollower;
import dev.carillon.kit.testing.history.Written;
import dev.carillon.kit.testing.kafka.KafkaServer;
import dev.carillon.kit.testing.kafka.Topic;
import dev.carillon.kit.tx.Tx;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Relays over a real outbox and a real Kafka. Each is wrong in one way, but for the first. */
class BrokenRelayTest {
    private static final KafkaServer KAFKA = KafkaServer.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Excuses EXCUSES = new Excuses(Duration.ofSeconds(30), Duration.ofSeconds(30));

    private final String topic = "test." + UUID.randomUUID();
    private final EventIds ids = new EventIds();
    private final Recorder recorder = new Recorder();
    private KitDatabase db;
    private Outbox outbox;
    private SmallRelay relay;

    @BeforeEach
    void start() {
        KAFKA.createTopics(Topic.named(topic));
        db = KitDatabase.fresh();
        db.execute("CREATE TABLE aggregate (key text PRIMARY KEY, version bigint NOT NULL)");
        outbox = new Outbox(
                new OutboxHint(db.pool, db.vertx, Duration.ofMillis(50), Duration.ofMillis(20)),
                new SimpleMeterRegistry());
        relay = new SmallRelay(db, KAFKA.bootstrapServers());
    }

    @AfterEach
    void stop() {
        relay.close();
        db.close();
    }

    @Test
    void one_that_deletes_what_was_acknowledged_keeps_every_promise_though_it_crashes_in_between() {
        var late = new OpenTransaction();
        late.append("late");
        append("k");
        append("k");
        Instant start = Instant.now();
        relay.publish(everything());
        recorder.fault(new Fault("crash before the deletion", start, Instant.now()));
        late.commit();
        List<Row> again = everything();
        relay.publish(again);
        relay.delete(again);

        assertThat(findingsAfter(5)).isEmpty();
        assertThat(recorder.history(EXCUSES).repeats()).isEqualTo(2);
    }

    @Test
    void one_that_reads_by_sequence_with_a_high_water_mark_loses_what_commits_late() {
        var late = new OpenTransaction();
        Written lost = late.append("late");
        append("k");
        List<Row> first = relay.read("WHERE seq > 0 ORDER BY seq");
        relay.publish(first);
        late.commit();
        relay.publish(relay.read(
                "WHERE seq > %d ORDER BY seq".formatted(first.getLast().seq())));

        assertFound(findingsAfter(1), Rule.COMMITTED_IS_PUBLISHED, lost);
    }

    @Test
    void one_that_deletes_before_the_acknowledgement_loses_what_a_crash_catches_in_between() {
        Written lost = append("k");
        relay.delete(everything());
        // It crashes here.
        append("k");
        relay.publish(everything());

        assertFound(findingsAfter(1), Rule.COMMITTED_IS_PUBLISHED, lost);
    }

    @Test
    void one_that_goes_by_the_order_of_starting_swaps_commits() {
        var started = new OpenTransaction();
        started.takeId();
        Written first = append("k");
        started.append("k");
        started.commit();
        relay.publish(relay.read("ORDER BY xmin::text::bigint"));

        assertFound(findingsAfter(2), Rule.FIRST_DELIVERIES_IN_ORDER, first);
    }

    @Test
    void one_that_publishes_within_the_transaction_tells_of_what_rolls_back() {
        var doomed = new OpenTransaction();
        Written ghost = doomed.append("k");
        relay.publish(ghost.id(), topic, ghost.key());
        doomed.rollBack();

        assertFound(findingsAfter(1), Rule.ONLY_COMMITTED_IS_PUBLISHED, ghost);
    }

    @Test
    void one_that_parks_an_event_and_goes_on_with_its_key_is_found() {
        Written refused = append("k");
        append("k");
        recorder.parked(Parked.waiting(refused.id()));
        relay.publish(everything().subList(1, 2));

        assertFound(findingsAfter(1), Rule.PARKED_IS_NOT_OVERTAKEN, refused);
    }

    @Test
    void one_that_forgets_what_it_has_published_repeats_without_a_fault() {
        Written repeated = append("k");
        relay.publish(everything());
        relay.publish(everything());

        assertFound(findingsAfter(2), Rule.REPEATS_HAVE_A_FAULT, repeated);
    }

    private static void assertFound(List<Finding> findings, Rule rule, Written event) {
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(rule);
            assertThat(finding.event()).isEqualTo(event.id());
            assertThat(finding.key()).isEqualTo(event.key());
        });
    }

    private List<Row> everything() {
        return relay.read("ORDER BY seq");
    }

    /** Reads what is on the topic, which are that many records. */
    private List<Finding> findingsAfter(int records) {
        try (var follower = new TopicFollower(KAFKA.bootstrapServers(), topic, recorder)) {
            await().atMost(PATIENCE).until(() -> recorder.deliveries() >= records);
        }
        return HistoryChecker.check(recorder.history(EXCUSES));
    }

    /** In a transaction of its own. */
    private Written append(String key) {
        var transaction = new OpenTransaction();
        Written event = transaction.append(key);
        transaction.commit();
        return event;
    }

    /** One step after the other, with as much in between as a test likes. */
    private final class OpenTransaction {
        private final CompletableFuture<Tx> begun = new CompletableFuture<>();
        private final CompletableFuture<Boolean> end = new CompletableFuture<>();
        private final List<UUID> events = new ArrayList<>();
        private final CompletableFuture<Void> ended = db.transactions
                .inTransaction(tx -> {
                    begun.complete(tx);
                    return Uni.createFrom()
                            .completionStage(end)
                            .chain(commits -> commits
                                    ? Uni.createFrom().voidItem()
                                    : Uni.createFrom().failure(new IllegalStateException("rolled back")));
                })
                .subscribeAsCompletionStage();

        void takeId() {
            begun.join()
                    .run("SELECT pg_current_xact_id()", Tuple.tuple())
                    .await()
                    .atMost(PATIENCE);
        }

        Written append(String key) {
            Tx tx = begun.join();
            long order = tx.list("""
                            INSERT INTO aggregate VALUES ($1, 1) ON CONFLICT (key) DO UPDATE SET version = aggregate.version + 1
                            RETURNING version""", Tuple.of(key), row -> row.getLong("version"))
                    .await()
                    .atMost(PATIENCE)
                    .getFirst();
            var event = new Written(ids.next(), topic, key, order);
            recorder.written(event);
            outbox.append(tx, outgoing(event)).await().atMost(PATIENCE);
            events.add(event.id());
            return event;
        }

        void commit() {
            end.complete(true);
            ended.join();
            recorder.committed(events);
        }

        void rollBack() {
            end.complete(false);
            await().atMost(PATIENCE).until(ended::isDone);
        }
    }

    private OutgoingEvent outgoing(Written event) {
        return new OutgoingEvent(
                event.id(),
                topic,
                event.key(),
                "carillon.test.happened.v1",
                "/test",
                event.key(),
                "tenant",
                event.order(),
                Instant.now(),
                TraceContext.NONE,
                "{}".getBytes(UTF_8),
                Urgency.PROMPT);
    }
}
