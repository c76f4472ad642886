package dev.carillon.scheduler.recurrence.usecase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.message.Content;
import dev.carillon.scheduler.message.MessageDraft;
import dev.carillon.scheduler.message.Recipient;
import dev.carillon.scheduler.message.Status;
import dev.carillon.scheduler.message.store.MessageFilter;
import dev.carillon.scheduler.message.store.MessageStore;
import dev.carillon.scheduler.message.store.TracedMessage;
import dev.carillon.scheduler.message.usecase.Staging;
import dev.carillon.scheduler.recurrence.Definition;
import dev.carillon.scheduler.recurrence.Gap;
import dev.carillon.scheduler.recurrence.Misfire;
import dev.carillon.scheduler.recurrence.Overlap;
import dev.carillon.scheduler.recurrence.RecurringSchedule;
import dev.carillon.scheduler.recurrence.Rule;
import dev.carillon.scheduler.recurrence.ZonePolicy;
import dev.carillon.scheduler.recurrence.store.ScheduleStore;
import dev.carillon.scheduler.recurrence.store.TracedSchedule;
import dev.carillon.scheduler.recurrence.usecase.ChangeSchedule.Target;
import dev.carillon.scheduler.support.Delivery;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Recurring schedules of one tenant, and what has become of them. Time is moved by shifting what is stored: up to where a schedule is decided. */
@Singleton
final class ScheduleFixture {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final String TENANT = "acme-" + UUID.randomUUID();

    private final Transactions transactions;
    private final RunSchedules runSchedules;
    private final CreateSchedule createSchedule;
    private final ScheduleStore schedules;
    private final MessageStore messages;
    private final Staging staging;

    ScheduleFixture(
            Transactions transactions,
            RunSchedules runSchedules,
            CreateSchedule createSchedule,
            ScheduleStore schedules,
            MessageStore messages,
            Staging staging) {
        this.transactions = transactions;
        this.runSchedules = runSchedules;
        this.createSchedule = createSchedule;
        this.schedules = schedules;
        this.messages = messages;
        this.staging = staging;
    }

    UUID created(Definition definition, Instant now) {
        var schedule = RecurringSchedule.created(UUID.randomUUID(), TENANT, definition, lastAt(definition), now);
        createSchedule
                .create(new TracedSchedule(schedule, TraceContext.NONE), null)
                .await()
                .atMost(PATIENCE);
        return schedule.id();
    }

    static @Nullable Instant lastAt(Definition definition) {
        return definition.rule().text().contains("COUNT=1") ? definition.start().toInstant(ZoneOffset.UTC) : null;
    }

    static Target target(UUID id) {
        return new Target(TENANT, id, null);
    }

    static Definition definition(Rule rule, LocalDateTime start, String text) {
        return new Definition(
                rule,
                new ZonePolicy(ZoneId.of("UTC"), Gap.SHIFT, Overlap.FIRST),
                start,
                false,
                null,
                null,
                new Misfire.FireOnce(),
                null,
                new MessageDraft(
                        new Recipient.Email("ana@example.org"),
                        Content.Text.plain(null, text, List.of()),
                        null,
                        null,
                        Map.of()));
    }

    /** A daily schedule whose next run is handed over to delivery. */
    UUID handedOver(String text) {
        var now = staging.now();
        var start = LocalDateTime.ofInstant(now.plusSeconds(15), ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);
        var id = created(definition(new Rule.RRule("FREQ=DAILY"), start, text), now);
        await().atMost(PATIENCE).until(() -> !messages(id).isEmpty());
        assertThat(messages(id).getFirst().message().status()).isEqualTo(Status.STAGED);
        return id;
    }

    /** Delivery gives up the schedule's only message, which is then cancelled. */
    void givenUp(UUID id) {
        try (var delivery = new Delivery()) {
            delivery.says("recalled", messages(id).getFirst().id().toString(), 2, 0);
            await().atMost(PATIENCE)
                    .until(() -> messages(id).getFirst().message().status() == Status.CANCELLED);
        }
    }

    /** As a node does that fires it, without waiting for its timer. */
    boolean run(UUID id) {
        inTransaction(tx -> run(tx, id));
        return true;
    }

    Uni<RunSchedules.Turned> run(Tx tx, UUID id) {
        var now = staging.now();
        return schedules
                .lock(tx, List.of(id))
                .chain(found -> runSchedules.run(tx, found, now, now.plus(runSchedules.ahead())));
    }

    /** By its timer, as in earnest. */
    void wake(UUID id) {
        inTransaction(tx -> tx.run("""
                        INSERT INTO timer (kind, id, due_at) VALUES ('schedule', $1, clock_timestamp())
                        ON CONFLICT (kind, id) DO UPDATE SET due_at = excluded.due_at, claimed_by = NULL, version = excluded.version
                        """, Tuple.of(id)).replaceWithVoid());
    }

    void wakeAndWait(UUID id) {
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

    void decidedUntil(UUID id, Instant until) {
        inTransaction(tx -> tx.run(
                        "UPDATE schedule SET decided_until = $2 WHERE id = $1",
                        Tuple.of(id, until.atOffset(ZoneOffset.UTC)))
                .replaceWithVoid());
    }

    RecurringSchedule stored(UUID id) {
        return schedules.find(TENANT, id).await().atMost(PATIENCE).orElseThrow().schedule();
    }

    List<TracedMessage> messages(UUID id) {
        var filter =
                new MessageFilter(TENANT, null, null, null, null, null, RunSchedules.SOURCE, id.toString(), null, 500);
        return messages.list(filter).await().atMost(PATIENCE).messages().stream()
                .sorted(Comparator.comparing(one -> one.message().timing().dueAt()))
                .toList();
    }

    /** Those that were not made ahead. */
    List<TracedMessage> late(UUID id) {
        return messages(id).stream()
                .filter(one ->
                        !one.message().timing().dueAt().isAfter(one.message().createdAt()))
                .toList();
    }

    List<String> texts(UUID id) {
        return messages(id).stream()
                .map(one -> ((Content.Text) one.message().content()).text() + ":"
                        + one.message().status().wireName())
                .toList();
    }

    <T> T inTransaction(Function<Tx, Uni<T>> work) {
        return transactions.inTransaction(work).await().atMost(PATIENCE);
    }
}
