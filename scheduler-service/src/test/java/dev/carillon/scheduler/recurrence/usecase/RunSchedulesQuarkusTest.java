package dev.carillon.scheduler.recurrence.usecase;

import static dev.carillon.scheduler.recurrence.usecase.ScheduleFixture.PATIENCE;
import static dev.carillon.scheduler.recurrence.usecase.ScheduleFixture.TENANT;
import static dev.carillon.scheduler.recurrence.usecase.ScheduleFixture.definition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.message.usecase.Staging;
import dev.carillon.scheduler.recurrence.Definition;
import dev.carillon.scheduler.recurrence.Misfire;
import dev.carillon.scheduler.recurrence.RecurringSchedule;
import dev.carillon.scheduler.recurrence.Rule;
import dev.carillon.scheduler.recurrence.store.RunStore;
import dev.carillon.scheduler.recurrence.store.ScheduleStore;
import dev.carillon.scheduler.recurrence.store.TracedSchedule;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What schedules do by themselves: after an outage, on several nodes, and around a crash. */
@QuarkusTest
@TestProfile(Surroundings.class)
class RunSchedulesQuarkusTest {
    @Inject
    ScheduleFixture on;

    @Inject
    Transactions transactions;

    @Inject
    ScheduleStore schedules;

    @Inject
    RunStore runs;

    @Inject
    Staging staging;

    @Test
    void after_an_outage_fire_once_sends_one_message_that_is_due_at_once_and_goes_on() {
        var id = storedBehind("0 * * * *", new Misfire.FireOnce(), Duration.ofHours(5));
        var before = staging.now();
        on.wake(id);
        await().atMost(PATIENCE).until(() -> !on.messages(id).isEmpty());
        on.wakeAndWait(id);
        assertThat(on.late(id))
                .singleElement()
                .satisfies(one -> assertThat(one.message().timing().dueAt()).isAfterOrEqualTo(before));
    }

    @Test
    void after_an_outage_skip_sends_nothing_for_what_was_missed() {
        var id = storedBehind("0 * * * *", new Misfire.Skip(), Duration.ofHours(5));
        on.wakeAndWait(id);
        assertThat(on.late(id)).isEmpty();
        assertThat(on.stored(id).decidedUntil()).isAfter(staging.now().minusSeconds(60));
    }

    @Test
    void after_an_outage_catch_up_sends_each_missed_within_the_window_in_order_and_at_its_own_instant() {
        var id = storedBehind("*/15 * * * *", new Misfire.CatchUp(Duration.ofHours(2)), Duration.ofHours(5));
        on.wakeAndWait(id);
        var due =
                on.late(id).stream().map(one -> one.message().timing().dueAt()).toList();
        assertThat(due.size()).isBetween(7, 9);
        for (int i = 1; i < due.size(); i++) {
            assertThat(due.get(i)).isEqualTo(due.get(i - 1).plus(Duration.ofMinutes(15)));
        }
    }

    @Test
    void a_large_backlog_is_sent_in_several_turns_and_completely() {
        var id = storedBehind("* * * * *", new Misfire.CatchUp(Duration.ofHours(20)), Duration.ofHours(30));
        on.wake(id);
        await().atMost(PATIENCE).until(() -> on.stored(id).decidedUntil().isAfter(staging.now()));
        assertThat(count(id)).isBetween(1_199L, 1_210L);
        assertThat(distinctDue(id)).isEqualTo(count(id));
    }

    @Test
    void two_nodes_that_fire_at_once_send_one_message_for_each_occurrence() {
        var id = storedBehind("*/10 * * * *", new Misfire.CatchUp(Duration.ofHours(4)), Duration.ofHours(4));
        var nodes = IntStream.range(0, 8)
                .mapToObj(n -> CompletableFuture.supplyAsync(() -> on.run(id)))
                .toList();
        nodes.forEach(CompletableFuture::join);
        assertThat(count(id)).isBetween(23L, 27L);
        assertThat(distinctDue(id)).isEqualTo(count(id));
    }

    @Test
    void a_node_that_has_forgotten_what_it_decided_sends_nothing_twice() {
        var id = storedBehind("*/10 * * * *", new Misfire.CatchUp(Duration.ofHours(4)), Duration.ofHours(4));
        on.run(id);
        var sent = count(id);
        on.decidedUntil(id, staging.now().minus(Duration.ofHours(4)));
        on.run(id);
        assertThat(count(id) - sent).as("at most what became due meanwhile").isBetween(0L, 1L);
        assertThat(distinctDue(id)).isEqualTo(count(id));
    }

    @Test
    void a_crash_after_any_statement_loses_and_repeats_nothing() {
        var id = storedBehind("*/30 * * * *", new Misfire.CatchUp(Duration.ofHours(3)), Duration.ofHours(3));
        int crashes = 0;
        for (int statements = 0; !runs(id, statements); statements++) {
            crashes++;
            assertThat(count(id))
                    .as("after a crash at statement %d", statements)
                    .isZero();
        }
        assertThat(crashes).isGreaterThan(5);
        var sent = count(id);
        assertThat(sent).isBetween(5L, 8L);
        on.run(id);
        assertThat(count(id) - sent).isBetween(0L, 1L);
    }

    /** Whether it ran to its end although it crashes at statement {@code at}. */
    private boolean runs(UUID id, int at) {
        var left = new AtomicInteger(at);
        try {
            on.inTransaction(tx -> on.run(new CrashingTx(tx, left), id));
            return true;
        } catch (IllegalStateException crash) {
            return false;
        }
    }

    @Test
    void runs_that_are_long_past_are_forgotten() {
        var id = storedBehind("* * * * *", new Misfire.CatchUp(Duration.ofMinutes(5)), Duration.ofMinutes(10));
        on.run(id);
        var sent = count(id);
        var forgotten = on.inTransaction(tx -> runs.forget(tx, staging.now().minus(Duration.ofMinutes(3)), 10_000));
        assertThat(forgotten).isPositive();
        on.decidedUntil(id, staging.now());
        on.run(id);
        assertThat(count(id) - sent).isBetween(0L, 1L);
    }

    private UUID storedBehind(String cron, Misfire misfire, Duration behind) {
        var now = staging.now();
        var base = definition(new Rule.Cron(cron), LocalDateTime.parse("2020-01-01T00:00"), "t");
        var definition = new Definition(
                base.rule(), base.zonePolicy(), base.start(), false, null, null, misfire, null, base.message());
        var schedule = RecurringSchedule.created(UUID.randomUUID(), TENANT, definition, null, now.minus(behind));
        // Without a timer: nothing wakes it but the test.
        on.inTransaction(tx -> schedules.insert(tx, new TracedSchedule(schedule, TraceContext.NONE)));
        return schedule.id();
    }

    private long count(UUID id) {
        return number("SELECT count(*) FROM message WHERE source_type = 'schedule' AND source_id = $1", id);
    }

    private long distinctDue(UUID id) {
        return number(
                "SELECT count(DISTINCT due_at) FROM message WHERE source_type = 'schedule' AND source_id = $1", id);
    }

    private long number(String sql, UUID id) {
        return transactions
                .list(sql, Tuple.of(id.toString()), row -> row.getLong(0))
                .await()
                .atMost(PATIENCE)
                .getFirst();
    }

    /** The connection of a process that ends at some statement. */
    private record CrashingTx(Tx tx, AtomicInteger left) implements Tx {
        @Override
        public Uni<RowSet<Row>> run(String sql, Tuple parameters) {
            return left.getAndDecrement() > 0
                    ? tx.run(sql, parameters)
                    : Uni.createFrom().failure(new IllegalStateException("crash"));
        }

        @Override
        public void afterCommit(Runnable hook) {
            tx.afterCommit(hook);
        }

        @Override
        public void afterEnd(Runnable hook) {
            tx.afterEnd(hook);
        }
    }
}
