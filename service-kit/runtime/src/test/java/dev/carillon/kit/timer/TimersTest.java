package dev.carillon.kit.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.KitDatabase;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimersTest {
    private final Nodes nodes = new Nodes();
    private final KitDatabase db = nodes.db;

    @AfterEach
    void stop() {
        nodes.close();
    }

    @Test
    void a_timer_fires_once_and_never_early_by_the_databases_clock() {
        var node = nodes.start("a");
        db.execute("CREATE TABLE wanted (id uuid, due_at timestamptz)");
        var now = node.clock().instant();
        var ids = Nodes.ids(200);
        var due = IntStream.range(0, 200)
                .mapToObj(i -> now.plusMillis(100 + 5L * i))
                .toList();
        nodes.inTransaction(tx -> node.arm(tx, ids, due));
        nodes.inTransaction(tx -> tx.run(
                        "INSERT INTO wanted SELECT * FROM unnest($1::uuid[], $2::timestamptz[])",
                        Tuple.of(
                                ids.toArray(UUID[]::new),
                                due.stream()
                                        .map(one -> one.atOffset(ZoneOffset.UTC))
                                        .toArray(OffsetDateTime[]::new)))
                .replaceWithVoid());

        nodes.awaitFired(200);
        assertThat(db.count("SELECT count(DISTINCT id) FROM fired")).isEqualTo(200);
        assertThat(db.count("SELECT count(*) FROM fired JOIN wanted USING (id) WHERE at < due_at"))
                .isZero();
        assertThat(db.count("SELECT count(*) FROM timer")).isZero();
        await().untilAsserted(() -> assertThat(node.held()).isZero());
    }

    @Test
    void timers_of_two_kinds_may_have_the_same_id_and_each_is_fired_by_its_own() {
        var holds = nodes.start(
                "hold", NodeSettings.usual(), Duration.ZERO, (timers, due) -> nodes.record(timers, "hold", due));
        var slots = nodes.start(
                "slots", NodeSettings.usual(), Duration.ZERO, (timers, due) -> nodes.record(timers, "slots", due));
        var id = UUID.randomUUID();
        var due = holds.clock().instant().plusMillis(100);
        nodes.inTransaction(tx -> holds.arm(tx, id, due).chain(() -> slots.arm(tx, id, due.plusMillis(100))));
        db.execute("INSERT INTO timer (kind, id, due_at) VALUES ('other', gen_random_uuid(), clock_timestamp())");

        nodes.awaitFired(2);
        assertThat(db.count("SELECT count(DISTINCT node) FROM fired")).isEqualTo(2);
        assertThat(db.count("SELECT count(*) FROM timer WHERE kind = 'other' AND claimed_by IS NULL"))
                .isEqualTo(1);
    }

    @Test
    void a_timer_beyond_the_window_waits_in_the_database_until_it_is_within() {
        var node = nodes.start("a", NodeSettings.within(Duration.ofSeconds(1)));
        var due = node.clock().instant().plusSeconds(4);
        nodes.inTransaction(tx -> node.arm(tx, UUID.randomUUID(), due));
        assertThat(node.held()).isZero();
        assertThat(db.count("SELECT count(*) FROM timer WHERE claimed_by IS NULL"))
                .isEqualTo(1);

        nodes.awaitFired(1);
    }

    @Test
    void more_than_one_claims_worth_is_fired_without_waiting_for_the_next_look() {
        db.execute("INSERT INTO timer (kind, id, due_at)"
                + " SELECT 'test', gen_random_uuid(), clock_timestamp() FROM generate_series(1, 2400)");
        // Five claims of 500: four looks, the beat of a fifth of this lease apart, would not come within anyone's
        // patience.
        nodes.start("a", new NodeSettings(Duration.ofMinutes(5), Duration.ofMinutes(10), 10_000));
        nodes.awaitFired(2400);
    }

    @Test
    void a_timer_with_a_head_start_is_handed_over_that_much_earlier_and_no_more() {
        var headStart = Duration.ofMillis(500);
        var early = nodes.start(
                "test", NodeSettings.usual(), headStart, (timers, due) -> nodes.record(timers, "early", due));
        var due = early.clock().instant().plusMillis(900);
        nodes.inTransaction(tx -> early.arm(tx, UUID.randomUUID(), due));

        nodes.awaitFired(1);
        assertThat(db.count("SELECT count(*) FROM fired WHERE at < $1", utc(due.minus(headStart))))
                .isZero();
    }

    @Test
    void what_a_firing_arms_anew_is_fired_when_it_is_due_however_long_ago_that_was() {
        var left = new AtomicInteger(5);
        var node = nodes.start(
                "test",
                NodeSettings.usual(),
                Duration.ZERO,
                (timers, due) -> db.transactions.inTransaction(tx -> timers.take(tx, due)
                        .chain(taken -> tx.run(
                                "INSERT INTO fired (id, node) SELECT unnest($1::uuid[]), 'again'",
                                Tuple.of((Object) taken.toArray(UUID[]::new))))
                        .chain(() -> left.decrementAndGet() == 0
                                ? Uni.createFrom().voidItem()
                                : timers.arm(
                                        tx,
                                        due.getFirst().id(),
                                        timers.clock().instant().minus(Duration.ofDays(1))))));
        nodes.inTransaction(
                tx -> node.arm(tx, UUID.randomUUID(), node.clock().instant().plusMillis(100)));
        nodes.awaitFired(5);
        assertThat(db.count("SELECT count(*) FROM timer")).isZero();
    }

    private static Object utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
