package dev.carillon.kit.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.KitDatabase;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    static final Duration LEASE = Duration.ofSeconds(2);

    private final Nodes nodes = new Nodes();
    private final KitDatabase db = nodes.db;

    @AfterEach
    void stop() {
        nodes.close();
    }

    @Test
    void a_timer_fires_once_and_never_early_by_the_databases_clock() {
        var node = node("a");
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
    void two_nodes_fire_each_timer_once_whoever_armed_it() {
        var a = node("a");
        var b = node("b");
        for (int i = 0; i < 20; i++) {
            var due = a.clock().instant().plusMillis(300 + i);
            nodes.inTransaction(tx -> a.arm(tx, UUID.randomUUID(), due).chain(() -> b.arm(tx, UUID.randomUUID(), due)));
            db.execute("INSERT INTO timer (kind, id, due_at) VALUES ('test', gen_random_uuid(), clock_timestamp())");
        }
        nodes.awaitFired(60);
        assertThat(db.count("SELECT count(*) FROM fired")).isEqualTo(60);
        assertThat(db.count("SELECT count(DISTINCT id) FROM fired")).isEqualTo(60);
    }

    @Test
    void timers_of_two_kinds_may_have_the_same_id_and_each_is_fired_by_its_own() {
        var holds = nodes.start(
                "hold",
                settings(Duration.ofSeconds(40)),
                Duration.ZERO,
                (timers, due) -> nodes.record(timers, "hold", due));
        var slots = nodes.start(
                "slots",
                settings(Duration.ofSeconds(40)),
                Duration.ZERO,
                (timers, due) -> nodes.record(timers, "slots", due));
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
    void the_timers_of_a_dead_node_are_taken_over_when_its_lease_has_expired() {
        db.execute("INSERT INTO timer_node (name, expires_at) VALUES ('dead', clock_timestamp() + interval '2 s')");
        db.execute("INSERT INTO timer (kind, id, due_at, claimed_by)"
                + " SELECT 'test', gen_random_uuid(), clock_timestamp(), id FROM timer_node WHERE name = 'dead'");
        node("alive");

        nodes.awaitFired(1);
        assertThat(db.count("SELECT count(*) FROM fired, timer_node WHERE name = 'dead' AND at < expires_at"))
                .as("fired while the dead node's lease was good")
                .isZero();
        assertThat(db.count("SELECT count(*) FROM fired, timer_node WHERE name = 'dead'"
                        + " AND at > expires_at + interval '15 s'"))
                .as("fired long after the lease")
                .isZero();
    }

    @Test
    void a_node_whose_lease_was_lost_drops_what_it_held_and_claims_it_again_under_a_new_one() {
        var node = node("a");
        var due = node.clock().instant().plusSeconds(3);
        nodes.inTransaction(tx -> node.arm(tx, UUID.randomUUID(), due));
        var former = db.count("SELECT id FROM timer_node");
        db.execute("UPDATE timer_node SET expires_at = '-infinity'");

        nodes.awaitFired(1);
        assertThat(db.count("SELECT max(id) FROM timer_node WHERE expires_at > clock_timestamp()"))
                .isGreaterThan(former);
        assertThat(db.count("SELECT count(*) FROM fired")).isEqualTo(1);
    }

    @Test
    void a_timer_that_was_removed_and_armed_again_does_not_fire_at_its_former_instant() {
        var node = node("a");
        var timer = UUID.randomUUID();
        var former = node.clock().instant().plusMillis(150);
        nodes.inTransaction(tx -> node.arm(tx, timer, former));
        nodes.inTransaction(tx -> node.disarm(tx, List.of(timer)));
        nodes.inTransaction(tx -> node.arm(tx, timer, former.plusMillis(700)));

        nodes.awaitFired(1);
        assertThat(db.texts("SELECT id::text FROM fired WHERE at < '" + former.plusMillis(700) + "'"))
                .as("fired at the instant that it no longer had")
                .isEmpty();
    }

    @Test
    void a_timer_armed_in_a_transaction_that_rolls_back_fires_nothing() {
        var node = node("a");
        var due = node.clock().instant().plusMillis(50);
        var failed = db.transactions
                .inTransaction(tx -> node.arm(tx, UUID.randomUUID(), due)
                        .chain(() -> Uni.createFrom().<Void>failure(new IllegalStateException("rolled back"))))
                .onFailure()
                .recoverWithNull();
        failed.await().atMost(PATIENCE);

        var other = UUID.randomUUID();
        nodes.inTransaction(tx -> node.arm(tx, other, due.plusMillis(50)));
        nodes.awaitFired(1);
        await().untilAsserted(() -> assertThat(node.held()).isZero());
        assertThat(db.texts("SELECT id::text FROM fired")).containsExactly(other.toString());
    }

    @Test
    void a_timer_whose_commit_was_not_confirmed_is_held_all_the_same() {
        var node = node("a");
        var tx = new UnconfirmedTx();
        var id = UUID.randomUUID();
        var due = node.clock().instant().plusMillis(200);
        db.pool
                .withTransaction(connection -> {
                    tx.connection = connection;
                    return node.arm(tx, List.of(id), List.of(due));
                })
                .await()
                .atMost(PATIENCE);
        tx.end();

        nodes.awaitFired(1);
    }

    @Test
    void a_moved_timer_fires_at_its_new_instant_alone_and_a_disarmed_one_never() {
        var node = node("a");
        var now = node.clock().instant();
        var moved = UUID.randomUUID();
        var disarmed = UUID.randomUUID();
        nodes.inTransaction(
                tx -> node.arm(tx, List.of(moved, disarmed), List.of(now.plusMillis(400), now.plusMillis(400))));
        nodes.inTransaction(
                tx -> node.arm(tx, moved, now.plusMillis(900)).chain(() -> node.disarm(tx, List.of(disarmed))));

        nodes.awaitFired(1);
        await().untilAsserted(() -> assertThat(node.held()).isZero());
        assertThat(db.texts("SELECT id::text FROM fired")).containsExactly(moved.toString());
        assertThat(db.count(
                        "SELECT count(*) FROM fired WHERE at < $1",
                        now.plusMillis(900).atOffset(ZoneOffset.UTC)))
                .isZero();
    }

    @Test
    void a_timer_beyond_the_window_waits_in_the_database_until_it_is_within() {
        var node = node("a", settings(Duration.ofSeconds(1)));
        var due = node.clock().instant().plusSeconds(4);
        nodes.inTransaction(tx -> node.arm(tx, UUID.randomUUID(), due));
        assertThat(node.held()).isZero();
        assertThat(db.count("SELECT count(*) FROM timer WHERE claimed_by IS NULL"))
                .isEqualTo(1);

        nodes.awaitFired(1);
    }

    @Test
    void a_firing_that_fails_is_tried_again_and_never_grows() {
        var fails = new AtomicBoolean(true);
        var tries = new AtomicInteger();
        var failing = nodes.start("test", settings(Duration.ofSeconds(40)), Duration.ZERO, (timers, due) -> {
            tries.incrementAndGet();
            return fails.get()
                    ? Uni.createFrom().failure(new IllegalStateException("the effect fails"))
                    : nodes.record(timers, "failing", due);
        });
        nodes.inTransaction(
                tx -> failing.arm(tx, UUID.randomUUID(), failing.clock().instant()));

        // Long enough for the row to be found as overdue, twice.
        await().atMost(PATIENCE).until(() -> tries.get() > 4);
        assertThat(failing.held()).isLessThanOrEqualTo(1);
        fails.set(false);
        nodes.awaitFired(1);
    }

    @Test
    void one_that_cannot_be_fired_stops_no_other_and_is_tried_ever_more_rarely() {
        var guilty = UUID.randomUUID();
        var tries = new ConcurrentLinkedQueue<Instant>();
        var node = nodes.start("test", settings(Duration.ofSeconds(40)), Duration.ZERO, (timers, due) -> {
            if (due.stream().noneMatch(one -> one.id().equals(guilty))) {
                return nodes.record(timers, "good", due);
            }
            if (due.size() == 1) {
                tries.add(Instant.now());
            }
            return Uni.createFrom().failure(new IllegalStateException("one of these cannot be fired"));
        });
        var due = node.clock().instant().plusMillis(300);
        var ids = Stream.concat(Stream.of(guilty), Nodes.ids(19).stream()).toList();
        nodes.inTransaction(tx -> node.arm(tx, ids, Collections.nCopies(20, due)));

        nodes.awaitFired(19);
        await().atMost(PATIENCE).until(() -> tries.size() >= 4);
        var seen = List.copyOf(tries);
        assertThat(Duration.between(seen.get(2), seen.get(3)))
                .isGreaterThan(Duration.between(seen.get(0), seen.get(1)));
        assertThat(db.count("SELECT count(*) FROM timer")).isEqualTo(1);
    }

    @Test
    void more_than_one_claims_worth_is_fired_without_waiting_for_the_next_look() {
        db.execute("INSERT INTO timer (kind, id, due_at)"
                + " SELECT 'test', gen_random_uuid(), clock_timestamp() FROM generate_series(1, 2400)");
        // Five claims of 500: four looks, the beat of a fifth of this lease apart, would not come within anyone's
        // patience.
        node("a", settings(Duration.ofMinutes(5), Duration.ofMinutes(10), 10_000));
        nodes.awaitFired(2400);
    }

    @Test
    void a_timer_with_a_head_start_is_handed_over_that_much_earlier_and_no_more() {
        var headStart = Duration.ofMillis(500);
        var early = nodes.start(
                "test",
                settings(Duration.ofSeconds(40)),
                headStart,
                (timers, due) -> nodes.record(timers, "early", due));
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
                settings(Duration.ofSeconds(40)),
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

    @Test
    void a_stopped_node_fires_nothing_and_leaves_its_timers_to_others_at_once() {
        var leaving = node("leaving");
        nodes.inTransaction(tx ->
                leaving.arm(tx, UUID.randomUUID(), leaving.clock().instant().plusMillis(1500)));
        nodes.stop(leaving);
        node("staying");

        nodes.awaitFired(1);
        assertThat(db.texts("SELECT node FROM fired")).containsExactly("staying");
    }

    @Test
    void a_lease_that_was_given_back_stays_so_though_its_renewal_was_on_the_way() {
        var lease = new NodeLease(db.pool, "test", LEASE, new DatabaseClock());
        lease.register().await().atMost(PATIENCE);

        var renewal = lease.renew().subscribeAsCompletionStage();
        lease.release().await().atMost(PATIENCE);
        renewal.join();

        assertThat(lease.holds()).isFalse();
    }

    private Timers node(String name) {
        return node(name, settings(Duration.ofSeconds(40)));
    }

    private Timers node(String name, TimerSettings settings) {
        return nodes.start(name, settings);
    }

    private static Object utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static TimerSettings settings(Duration window) {
        return settings(LEASE, window, 1000);
    }

    static TimerSettings settings(Duration lease, Duration window, int held) {
        return settings(lease, window, window.multipliedBy(4), held);
    }

    static TimerSettings settings(Duration lease, Duration window, Duration horizon, int held) {
        return new TimerSettings() {
            @Override
            public Duration lease() {
                return lease;
            }

            @Override
            public Duration window() {
                return window;
            }

            @Override
            public Duration horizon() {
                return horizon;
            }

            @Override
            public int held() {
                return held;
            }

            @Override
            public int batch() {
                return 50;
            }

            @Override
            public Duration gather() {
                return Duration.ofMillis(1);
            }

            @Override
            public Duration patience() {
                return Duration.ofSeconds(3);
            }

            @Override
            public int concurrency() {
                return 2;
            }
        };
    }

    /** A transaction that commits, but whose caller never learns it. */
    private static final class UnconfirmedTx implements Tx {
        private final List<Runnable> onEnd = new ArrayList<>();
        private @Nullable SqlConnection connection;

        @Override
        public Uni<RowSet<Row>> run(String sql, Tuple parameters) {
            return Objects.requireNonNull(connection).preparedQuery(sql).execute(parameters);
        }

        @Override
        public void afterCommit(Runnable hook) {}

        @Override
        public void afterEnd(Runnable hook) {
            onEnd.add(hook);
        }

        void end() {
            onEnd.forEach(Runnable::run);
        }
    }
}
