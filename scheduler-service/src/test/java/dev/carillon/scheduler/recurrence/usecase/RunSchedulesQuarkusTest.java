package dev.carillon.scheduler.recurrence.usecase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.message.Content;
import dev.carillon.scheduler.message.Message;
import dev.carillon.scheduler.message.MessageDraft;
import dev.carillon.scheduler.message.Recipient;
import dev.carillon.scheduler.message.Status;
import dev.carillon.scheduler.message.Terms;
import dev.carillon.scheduler.message.Timing;
import dev.carillon.scheduler.message.store.MessageFilter;
import dev.carillon.scheduler.message.store.MessageStore;
import dev.carillon.scheduler.message.store.TracedMessage;
import dev.carillon.scheduler.message.usecase.EditMessage;
import dev.carillon.scheduler.message.usecase.EndMessages;
import dev.carillon.scheduler.message.usecase.Staging;
import dev.carillon.scheduler.recurrence.Definition;
import dev.carillon.scheduler.recurrence.Gap;
import dev.carillon.scheduler.recurrence.Misfire;
import dev.carillon.scheduler.recurrence.Overlap;
import dev.carillon.scheduler.recurrence.RecurringSchedule;
import dev.carillon.scheduler.recurrence.Rule;
import dev.carillon.scheduler.recurrence.State;
import dev.carillon.scheduler.recurrence.ZonePolicy;
import dev.carillon.scheduler.recurrence.store.RunStore;
import dev.carillon.scheduler.recurrence.store.ScheduleStore;
import dev.carillon.scheduler.recurrence.store.TracedSchedule;
import dev.carillon.scheduler.recurrence.usecase.ChangeSchedule.Outcome;
import dev.carillon.scheduler.recurrence.usecase.ChangeSchedule.Target;
import dev.carillon.scheduler.support.Delivery;
import dev.carillon.scheduler.support.Surroundings;
import dev.carillon.scheduler.template.FoundTemplates;
import dev.carillon.scheduler.template.TemplateRef;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What schedules do by themselves. Time is moved by shifting what is stored: up to where a schedule is decided. */
@QuarkusTest
@TestProfile(Surroundings.class)
class RunSchedulesQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TENANT = "acme-" + UUID.randomUUID();

    @Inject
    Transactions transactions;

    @Inject
    RunSchedules runSchedules;

    @Inject
    CreateSchedule createSchedule;

    @Inject
    ChangeSchedule changeSchedule;

    @Inject
    ScheduleStore schedules;

    @Inject
    RunStore runs;

    @Inject
    MessageStore messages;

    @Inject
    EndMessages endMessages;

    @Inject
    EditMessage editMessage;

    @Inject
    Staging staging;

    @Test
    void after_an_outage_fire_once_sends_one_message_that_is_due_at_once_and_goes_on() {
        var id = storedBehind("0 * * * *", new Misfire.FireOnce(), Duration.ofHours(5));
        var before = staging.now();
        wake(id);
        await().atMost(PATIENCE).until(() -> !messages(id).isEmpty());
        wakeAndWait(id);
        assertThat(late(id))
                .singleElement()
                .satisfies(one -> assertThat(one.message().timing().dueAt()).isAfterOrEqualTo(before));
    }

    @Test
    void after_an_outage_skip_sends_nothing_for_what_was_missed() {
        var id = storedBehind("0 * * * *", new Misfire.Skip(), Duration.ofHours(5));
        wakeAndWait(id);
        assertThat(late(id)).isEmpty();
        assertThat(stored(id).decidedUntil()).isAfter(staging.now().minusSeconds(60));
    }

    @Test
    void after_an_outage_catch_up_sends_each_missed_within_the_window_in_order_and_at_its_own_instant() {
        var id = storedBehind("*/15 * * * *", new Misfire.CatchUp(Duration.ofHours(2)), Duration.ofHours(5));
        wakeAndWait(id);
        var due = late(id).stream().map(one -> one.message().timing().dueAt()).toList();
        assertThat(due.size()).isBetween(7, 9);
        for (int i = 1; i < due.size(); i++) {
            assertThat(due.get(i)).isEqualTo(due.get(i - 1).plus(Duration.ofMinutes(15)));
        }
    }

    @Test
    void a_large_backlog_is_sent_in_several_turns_and_completely() {
        var id = storedBehind("* * * * *", new Misfire.CatchUp(Duration.ofHours(20)), Duration.ofHours(30));
        wake(id);
        await().atMost(PATIENCE).until(() -> stored(id).decidedUntil().isAfter(staging.now()));
        assertThat(count(id)).isBetween(1_199L, 1_210L);
        assertThat(distinctDue(id)).isEqualTo(count(id));
    }

    @Test
    void two_nodes_that_fire_at_once_send_one_message_for_each_occurrence() {
        var id = storedBehind("*/10 * * * *", new Misfire.CatchUp(Duration.ofHours(4)), Duration.ofHours(4));
        var nodes = IntStream.range(0, 8)
                .mapToObj(n -> CompletableFuture.supplyAsync(() -> run(id)))
                .toList();
        nodes.forEach(CompletableFuture::join);
        assertThat(count(id)).isBetween(23L, 27L);
        assertThat(distinctDue(id)).isEqualTo(count(id));
    }

    @Test
    void a_node_that_has_forgotten_what_it_decided_sends_nothing_twice() {
        var id = storedBehind("*/10 * * * *", new Misfire.CatchUp(Duration.ofHours(4)), Duration.ofHours(4));
        run(id);
        var sent = count(id);
        decidedUntil(id, staging.now().minus(Duration.ofHours(4)));
        run(id);
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
        run(id);
        assertThat(count(id) - sent).isBetween(0L, 1L);
    }

    /** Whether it ran to its end although it crashes at statement {@code at}. */
    private boolean runs(UUID id, int at) {
        var left = new AtomicInteger(at);
        try {
            inTransaction(tx -> run(new CrashingTx(tx, left), id));
            return true;
        } catch (IllegalStateException crash) {
            return false;
        }
    }

    @Test
    void a_schedule_that_is_edited_fires_what_is_due_before_the_edit_as_it_was_and_what_is_due_after_as_it_is() {
        var now = staging.now();
        var start = LocalDateTime.ofInstant(now.plusSeconds(40), ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);
        var id = created(definition(new Rule.RRule("FREQ=MINUTELY"), start, "old"), now);
        decidedUntil(id, now.minus(Duration.ofMinutes(1)));
        run(id);
        assertThat(texts(id)).containsExactly("old:scheduled");
        changed(id, definition(new Rule.RRule("FREQ=MINUTELY"), start, "new"));
        wakeAndWait(id);
        assertThat(texts(id)).contains("old:cancelled", "new:scheduled").hasSize(2);
    }

    @Test
    void an_edit_of_a_run_that_delivery_gives_up_is_fired_by_the_new_side_alone() {
        var id = handedOver("old");
        changed(id, definition(new Rule.RRule("FREQ=DAILY"), start(id), "new"));
        var old = messages(id).getFirst();
        assertThat(old.message().status()).isEqualTo(Status.RECALLING);
        try (var delivery = new Delivery()) {
            delivery.says("recalled", old.id().toString(), 2, 0);
            await().atMost(PATIENCE).until(() -> texts(id).size() == 2);
        }
        assertThat(texts(id).stream().map(text -> text.split(":")[0] + (text.endsWith("cancelled") ? "-" : "+")))
                .containsExactlyInAnyOrder("old-", "new+");
        assertThat(messages(id).stream()
                        .map(one -> one.message().timing().dueAt())
                        .distinct())
                .hasSize(1);
    }

    @Test
    void an_edit_of_a_run_that_delivery_does_not_give_up_leaves_it_to_the_old_side_alone() {
        var id = handedOver("old");
        changed(id, definition(new Rule.RRule("FREQ=DAILY"), start(id), "new"));
        var old = messages(id).getFirst();
        try (var delivery = new Delivery()) {
            delivery.says("recall-refused", old.id().toString(), 2, 1);
            await().atMost(PATIENCE).until(() -> inTransaction(tx -> runs.withdrawn(tx, List.of(id)))
                    .isEmpty());
        }
        wakeAndWait(id);
        assertThat(texts(id)).singleElement().asString().startsWith("old:");
    }

    @Test
    void the_last_run_is_not_lost_when_it_is_edited_while_delivery_has_it() {
        var now = staging.now();
        var start = LocalDateTime.ofInstant(now.plusSeconds(15), ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);
        var once = new Rule.RRule("FREQ=DAILY;COUNT=1");
        var id = created(definition(once, start, "old"), now);
        await().atMost(PATIENCE).until(() -> !messages(id).isEmpty());
        changed(id, definition(once, start, "new"));
        try (var delivery = new Delivery()) {
            delivery.says("recalled", messages(id).getFirst().id().toString(), 2, 0);
            await().atMost(PATIENCE).until(() -> texts(id).size() == 2);
        }
        assertThat(texts(id).stream().filter(text -> text.startsWith("new"))).hasSize(1);
        await().atMost(PATIENCE).until(() -> stored(id).state() == State.ENDED);
    }

    @Test
    void a_pause_withdraws_what_was_made_ahead_and_what_comes_in_it_is_skipped() {
        var now = staging.now();
        var start = LocalDateTime.ofInstant(now.plusSeconds(40), ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);
        var id = created(definition(new Rule.RRule("FREQ=MINUTELY"), start, "t"), now);
        run(id);
        assertThat(changeSchedule.pause(target(id), null).await().atMost(PATIENCE))
                .isInstanceOf(Outcome.Changed.class);
        assertThat(texts(id)).containsExactly("t:cancelled");
        decidedUntil(id, now.minus(Duration.ofHours(3)));
        run(id);
        assertThat(texts(id)).as("paused").containsExactly("t:cancelled");
        changeSchedule.resume(target(id), null).await().atMost(PATIENCE);
        wakeAndWait(id);
        assertThat(texts(id)).as("what was withdrawn is still ahead").contains("t:scheduled");
        assertThat(late(id)).as("what came during the pause").isEmpty();
    }

    @Test
    void a_deleted_schedule_takes_what_was_made_ahead_with_it() {
        var now = staging.now();
        var start = LocalDateTime.ofInstant(now.plusSeconds(40), ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);
        var id = created(definition(new Rule.RRule("FREQ=MINUTELY"), start, "t"), now);
        run(id);
        assertThat(changeSchedule.delete(target(id)).await().atMost(PATIENCE)).isInstanceOf(Outcome.Deleted.class);
        assertThat(texts(id)).containsExactly("t:cancelled");
    }

    @Test
    void what_a_pause_called_back_from_delivery_is_skipped_when_the_schedule_is_resumed_after_its_instant() {
        var id = handedOver("t");
        changeSchedule.pause(target(id), null).await().atMost(PATIENCE);
        assertThat(texts(id)).containsExactly("t:recalling");
        givenUp(id);
        sql(id, """
                UPDATE schedule SET start_local = start_local - interval '3 hours', decided_until = decided_until - interval '3 hours'
                WHERE id = $1
                """);
        sql(id, """
                UPDATE schedule_run SET local = local - interval '3 hours', due_at = due_at - interval '3 hours'
                WHERE schedule_id = $1
                """);
        changeSchedule.resume(target(id), null).await().atMost(PATIENCE);
        wakeAndWait(id);
        assertThat(texts(id)).containsExactly("t:cancelled");
    }

    @Test
    void a_run_that_its_client_has_cancelled_stays_cancelled_when_its_schedule_is_edited_meanwhile() {
        var id = handedOver("old");
        var cancelled = messages(id).getFirst().id();
        inTransaction(
                tx -> messages.lock(tx, List.of(cancelled)).chain(found -> endMessages.cancel(tx, found.getFirst())));
        changed(id, definition(new Rule.RRule("FREQ=DAILY"), start(id), "new"));
        givenUp(id);
        wakeAndWait(id);
        assertThat(texts(id)).containsExactly("old:cancelled");
    }

    @Test
    void a_deleted_schedule_takes_a_message_with_it_that_its_client_has_moved_to_later() {
        var now = staging.now();
        var start = LocalDateTime.ofInstant(now.plusSeconds(40), ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);
        var id = created(definition(new Rule.RRule("FREQ=DAILY"), start, "t"), now);
        run(id);
        sql(id, "UPDATE schedule_run SET due_at = due_at - interval '3 hours' WHERE schedule_id = $1");
        changeSchedule.delete(target(id)).await().atMost(PATIENCE);
        assertThat(texts(id)).singleElement().isIn("t:cancelled", "t:recalling");
    }

    @Test
    void a_deleted_schedule_takes_a_message_with_it_that_its_client_is_about_to_move_to_later() {
        var id = handedOver("t");
        var moved = messages(id).getFirst();
        editMessage.edit(TENANT, moved.id(), null, later()).await().atMost(PATIENCE);
        sql(id, "UPDATE schedule_run SET due_at = due_at - interval '3 hours' WHERE schedule_id = $1");
        sql(
                id,
                "UPDATE message SET due_at = due_at - interval '3 hours' WHERE source_type = 'schedule' AND source_id = $1::uuid::text");
        changeSchedule.delete(target(id)).await().atMost(PATIENCE);
        givenUp(id);
    }

    private static EditMessage.Wish later() {
        return new EditMessage.Wish() {
            @Override
            public Optional<TemplateRef> template(Message message) {
                return Optional.empty();
            }

            @Override
            public Terms applied(Message message, FoundTemplates templates) {
                return later(message.terms());
            }
        };
    }

    private static Terms later(Terms terms) {
        var timing = terms.timing();
        return new Terms(
                terms.content(),
                new Timing(
                        timing.dueAt().plus(Duration.ofHours(9)),
                        timing.local().plusHours(9),
                        timing.zone(),
                        timing.tzdbVersion()),
                terms.expiresAt(),
                terms.metadata());
    }

    @Test
    void a_message_that_is_called_back_for_an_edit_is_unwanted_for_good_once_its_schedule_is_deleted() {
        var id = handedOver("old");
        changed(id, definition(new Rule.RRule("FREQ=DAILY"), start(id), "new"));
        assertThat(messages(id).getFirst().message().unwanted()).isFalse();
        changeSchedule.delete(target(id)).await().atMost(PATIENCE);
        assertThat(messages(id).getFirst().message().unwanted()).isTrue();
    }

    /** Delivery gives up the schedule's only message, which is then cancelled. */
    private void givenUp(UUID id) {
        try (var delivery = new Delivery()) {
            delivery.says("recalled", messages(id).getFirst().id().toString(), 2, 0);
            await().atMost(PATIENCE)
                    .until(() -> messages(id).getFirst().message().status() == Status.CANCELLED);
        }
    }

    private void sql(UUID id, String statement) {
        inTransaction(tx -> tx.run(statement, Tuple.of(id)).replaceWithVoid());
    }

    @Test
    void edits_that_race_with_firing_leave_one_message_for_each_occurrence() {
        var now = staging.now();
        var start = LocalDateTime.ofInstant(now, ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES);
        var id = created(definition(new Rule.RRule("FREQ=MINUTELY"), start, "e0"), now);
        for (int n = 1; n <= 30; n++) {
            var text = "e" + n;
            var edit = CompletableFuture.runAsync(
                    () -> changed(id, definition(new Rule.RRule("FREQ=MINUTELY"), start, text)));
            CompletableFuture.runAsync(() -> run(id)).join();
            edit.join();
        }
        run(id);
        var alive = messages(id).stream()
                .filter(one -> one.message().status() != Status.CANCELLED
                        && one.message().status() != Status.RECALLING)
                .map(one -> one.message().timing().dueAt())
                .toList();
        assertThat(alive).doesNotHaveDuplicates();
    }

    @Test
    void runs_that_are_long_past_are_forgotten() {
        var id = storedBehind("* * * * *", new Misfire.CatchUp(Duration.ofMinutes(5)), Duration.ofMinutes(10));
        run(id);
        var sent = count(id);
        var forgotten = inTransaction(tx -> runs.forget(tx, staging.now().minus(Duration.ofMinutes(3)), 10_000));
        assertThat(forgotten).isPositive();
        decidedUntil(id, staging.now());
        run(id);
        assertThat(count(id) - sent).isBetween(0L, 1L);
    }

    /** A daily schedule whose next run is handed over to delivery. */
    private UUID handedOver(String text) {
        var now = staging.now();
        var start = LocalDateTime.ofInstant(now.plusSeconds(15), ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);
        var id = created(definition(new Rule.RRule("FREQ=DAILY"), start, text), now);
        await().atMost(PATIENCE).until(() -> !messages(id).isEmpty());
        assertThat(messages(id).getFirst().message().status()).isEqualTo(Status.STAGED);
        return id;
    }

    private LocalDateTime start(UUID id) {
        return stored(id).definition().start();
    }

    private UUID storedBehind(String cron, Misfire misfire, Duration behind) {
        var now = staging.now();
        var base = definition(new Rule.Cron(cron), LocalDateTime.parse("2020-01-01T00:00"), "t");
        var definition =
                new Definition(base.rule(), base.zonePolicy(), base.start(), null, null, misfire, null, base.message());
        var schedule = RecurringSchedule.created(UUID.randomUUID(), TENANT, definition, null, now.minus(behind));
        // Without a timer: nothing wakes it but the test.
        inTransaction(tx -> schedules.insert(tx, new TracedSchedule(schedule, TraceContext.NONE)));
        return schedule.id();
    }

    private UUID created(Definition definition, Instant now) {
        var schedule = RecurringSchedule.created(UUID.randomUUID(), TENANT, definition, lastAt(definition), now);
        createSchedule
                .create(new TracedSchedule(schedule, TraceContext.NONE), null)
                .await()
                .atMost(PATIENCE);
        return schedule.id();
    }

    private static @Nullable Instant lastAt(Definition definition) {
        return definition.rule().text().contains("COUNT=1") ? definition.start().toInstant(ZoneOffset.UTC) : null;
    }

    private void changed(UUID id, Definition definition) {
        assertThat(changeSchedule
                        .change(target(id), definition, lastAt(definition))
                        .await()
                        .atMost(PATIENCE))
                .isInstanceOf(Outcome.Changed.class);
    }

    private static Target target(UUID id) {
        return new Target(TENANT, id, null);
    }

    private static Definition definition(Rule rule, LocalDateTime start, String text) {
        return new Definition(
                rule,
                new ZonePolicy(ZoneId.of("UTC"), Gap.SHIFT, Overlap.FIRST),
                start,
                null,
                null,
                new Misfire.FireOnce(),
                null,
                new MessageDraft(
                        new Recipient.Email("ana@example.org"),
                        new Content.Text(null, text, null, null, null, List.of()),
                        null,
                        null,
                        Map.of()));
    }

    private boolean run(UUID id) {
        inTransaction(tx -> run(tx, id));
        return true;
    }

    private Uni<RunSchedules.Turned> run(Tx tx, UUID id) {
        var now = staging.now();
        return schedules
                .lock(tx, List.of(id))
                .chain(found -> runSchedules.run(tx, found, now, now.plus(runSchedules.ahead())));
    }

    /** By its timer, as in earnest. */
    private void wake(UUID id) {
        inTransaction(tx -> tx.run("""
                        INSERT INTO timer (kind, id, due_at) VALUES ('schedule', $1, clock_timestamp())
                        ON CONFLICT (kind, id) DO UPDATE SET due_at = excluded.due_at, claimed_by = NULL, version = excluded.version
                        """, Tuple.of(id)).replaceWithVoid());
    }

    private void wakeAndWait(UUID id) {
        var now = staging.now();
        decidedUntilAtMost(id, now);
        wake(id);
        await().atMost(PATIENCE).until(() -> stored(id).decidedUntil().isAfter(now));
    }

    /** What is decided ahead stays decided by its runs. */
    private void decidedUntilAtMost(UUID id, Instant now) {
        inTransaction(tx -> tx.run(
                        "UPDATE schedule SET decided_until = least(decided_until, $2) WHERE id = $1",
                        Tuple.of(id, now.atOffset(ZoneOffset.UTC)))
                .replaceWithVoid());
    }

    private void decidedUntil(UUID id, Instant until) {
        inTransaction(tx -> tx.run(
                        "UPDATE schedule SET decided_until = $2 WHERE id = $1",
                        Tuple.of(id, until.atOffset(ZoneOffset.UTC)))
                .replaceWithVoid());
    }

    private RecurringSchedule stored(UUID id) {
        return schedules.find(TENANT, id).await().atMost(PATIENCE).orElseThrow().schedule();
    }

    private List<TracedMessage> messages(UUID id) {
        var filter =
                new MessageFilter(TENANT, null, null, null, null, null, RunSchedules.SOURCE, id.toString(), null, 500);
        return messages.list(filter).await().atMost(PATIENCE).messages().stream()
                .sorted(Comparator.comparing(one -> one.message().timing().dueAt()))
                .toList();
    }

    /** Those that were not made ahead. */
    private List<TracedMessage> late(UUID id) {
        return messages(id).stream()
                .filter(one ->
                        !one.message().timing().dueAt().isAfter(one.message().createdAt()))
                .toList();
    }

    private List<String> texts(UUID id) {
        return messages(id).stream()
                .map(one -> ((Content.Text) one.message().content()).text() + ":"
                        + one.message().status().wireName())
                .toList();
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

    private <T> T inTransaction(Function<Tx, Uni<T>> work) {
        return transactions.inTransaction(work).await().atMost(PATIENCE);
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
