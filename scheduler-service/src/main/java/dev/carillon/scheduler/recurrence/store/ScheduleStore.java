package dev.carillon.scheduler.recurrence.store;

import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.tx.Columns;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.message.MessageDraft;
import dev.carillon.scheduler.message.store.MessageJson;
import dev.carillon.scheduler.recurrence.Definition;
import dev.carillon.scheduler.recurrence.Gap;
import dev.carillon.scheduler.recurrence.Misfire;
import dev.carillon.scheduler.recurrence.Overlap;
import dev.carillon.scheduler.recurrence.RecurringSchedule;
import dev.carillon.scheduler.recurrence.Rule;
import dev.carillon.scheduler.recurrence.State;
import dev.carillon.scheduler.recurrence.ZonePolicy;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Recurring schedules in PostgreSQL. */
@ApplicationScoped
public class ScheduleStore {
    private static final String INSERT = """
            INSERT INTO schedule (id, tenant, state, revision, rule_kind, rule, zone, gap, overlap, start_local, end_at, count, misfire,
                                  misfire_window, expires_after, recipient, content, ordering_key, on_failure, metadata, last_at,
                                  decided_until, created_at, start_second, traceparent, tracestate)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)
            """;
    private static final String SAVE = """
            UPDATE schedule SET tenant = $2, state = $3, revision = $4, rule_kind = $5, rule = $6, zone = $7, gap = $8, overlap = $9,
                   start_local = $10, end_at = $11, count = $12, misfire = $13, misfire_window = $14, expires_after = $15, recipient = $16,
                   content = $17, ordering_key = $18, on_failure = $19, metadata = $20, last_at = $21, decided_until = $22,
                   created_at = $23, start_second = $24
            WHERE id = $1
            """;
    // Each by the primary key, by which a join alone does not go for sure: plans are made while the table may be empty.
    private static final String SAVE_PROGRESS = """
            UPDATE schedule s SET state = n.state, decided_until = n.decided_until
            FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS n (id, state, decided_until)
            WHERE s.id = n.id AND s.id = ANY($1::uuid[])
            """;
    // In the order of ids, so that two that lock several never wait for each other.
    private static final String LOCK = "SELECT * FROM schedule WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE";
    private static final String LOCK_OF_TENANT = "SELECT * FROM schedule WHERE id = $1 AND tenant = $2 FOR UPDATE";
    private static final String FIND = "SELECT * FROM schedule WHERE id = $1 AND tenant = $2";
    private static final String LIST = """
            SELECT * FROM schedule
            WHERE tenant = $1 AND ($2::text IS NULL OR state = $2) AND id < coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
            ORDER BY id DESC LIMIT $4
            """;
    private static final String DELETE = "DELETE FROM schedule WHERE id = $1";

    private final MessageJson json;
    private final Transactions transactions;

    public ScheduleStore(MessageJson json, Transactions transactions) {
        this.json = json;
        this.transactions = transactions;
    }

    public Uni<Void> insert(Tx tx, TracedSchedule traced) {
        var values = values(traced.schedule())
                .addString(traced.trace().traceparent())
                .addString(traced.trace().tracestate());
        return tx.run(INSERT, values).replaceWithVoid();
    }

    /** Writes all that a client can change. The row must be locked by this transaction. */
    public Uni<Void> save(Tx tx, RecurringSchedule schedule) {
        return tx.run(SAVE, values(schedule)).replaceWithVoid();
    }

    /** Writes how far these are. The rows must be locked by this transaction. */
    public Uni<Void> saveProgress(Tx tx, List<RecurringSchedule> schedules) {
        if (schedules.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var columns = Columns.<RecurringSchedule>of(schedules)
                .uuids(RecurringSchedule::id)
                .texts(one -> one.state().wireName())
                .instants(RecurringSchedule::decidedUntil);
        return tx.run(SAVE_PROGRESS, columns.tuple()).replaceWithVoid();
    }

    /** Those that exist, locked until the transaction ends, in the order of their ids. */
    public Uni<List<TracedSchedule>> lock(Tx tx, List<UUID> ids) {
        return tx.list(LOCK, Tuple.of(ids.toArray(UUID[]::new)), this::read);
    }

    public Uni<Optional<TracedSchedule>> lock(Tx tx, String tenant, UUID id) {
        return tx.list(LOCK_OF_TENANT, Tuple.of(id, tenant), this::read)
                .map(found -> found.stream().findFirst());
    }

    public Uni<Optional<TracedSchedule>> find(String tenant, UUID id) {
        return transactions.list(FIND, Tuple.of(id, tenant), this::read).map(found -> found.stream()
                .findFirst());
    }

    /** Newest first; {@code before} for those created before the schedule of this id. */
    public Uni<List<TracedSchedule>> list(String tenant, @Nullable String state, @Nullable UUID before, int limit) {
        return transactions.list(LIST, Tuple.of(tenant, state, before, limit), this::read);
    }

    /** With its runs. */
    public Uni<Void> delete(Tx tx, UUID id) {
        return tx.run(DELETE, Tuple.of(id)).replaceWithVoid();
    }

    private Tuple values(RecurringSchedule schedule) {
        var definition = schedule.definition();
        var message = definition.message();
        var target = message.onFailure();
        return Tuple.tuple()
                .addUUID(schedule.id())
                .addString(schedule.tenant())
                .addString(schedule.state().wireName())
                .addInteger(schedule.revision())
                .addString(kind(definition.rule()))
                .addString(definition.rule().text())
                .addString(definition.zonePolicy().zone().getId())
                .addString(definition.zonePolicy().gap().wireName())
                .addString(definition.zonePolicy().overlap().wireName())
                .addLocalDateTime(definition.start())
                .addValue(utc(definition.endAt()))
                .addInteger(definition.count())
                .addString(definition.misfire().wireName())
                .addString(definition.misfire() instanceof Misfire.CatchUp(Duration window) ? window.toString() : null)
                .addString(
                        definition.expiresAfter() == null
                                ? null
                                : definition.expiresAfter().toString())
                .addString(json.text(json.recipient(message.to())))
                .addString(json.text(json.stored(message.content())))
                .addString(message.orderingKey())
                .addString(target == null ? null : json.text(json.recipient(target)))
                .addString(message.metadata().isEmpty() ? null : json.text(message.metadata()))
                .addValue(utc(schedule.lastAt()))
                .addValue(utc(schedule.decidedUntil()))
                .addValue(utc(schedule.createdAt()))
                .addBoolean(definition.startSecond());
    }

    private TracedSchedule read(Row row) {
        var schedule = new RecurringSchedule(
                row.getUUID("id"),
                row.getString("tenant"),
                State.of(row.getString("state")),
                row.getInteger("revision"),
                definition(row),
                instant(row, "last_at"),
                row.getOffsetDateTime("decided_until").toInstant(),
                row.getOffsetDateTime("created_at").toInstant());
        return new TracedSchedule(
                schedule, new TraceContext(row.getString("traceparent"), row.getString("tracestate")));
    }

    private Definition definition(Row row) {
        var expiresAfter = row.getString("expires_after");
        return new Definition(
                rule(row.getString("rule_kind"), row.getString("rule")),
                new ZonePolicy(
                        ZoneId.of(row.getString("zone")),
                        Gap.of(row.getString("gap")),
                        Overlap.of(row.getString("overlap"))),
                row.getLocalDateTime("start_local"),
                row.getBoolean("start_second"),
                instant(row, "end_at"),
                row.getInteger("count"),
                misfire(row.getString("misfire"), row.getString("misfire_window")),
                expiresAfter == null ? null : Duration.parse(expiresAfter),
                message(row));
    }

    private MessageDraft message(Row row) {
        var onFailure = row.getString("on_failure");
        var metadata = row.getString("metadata");
        return new MessageDraft(
                json.readRecipient(row.getString("recipient")),
                json.readContent(row.getString("content")),
                row.getString("ordering_key"),
                onFailure == null ? null : json.readRecipient(onFailure),
                metadata == null ? Map.of() : json.readMetadata(metadata));
    }

    private static String kind(Rule rule) {
        return switch (rule) {
            case Rule.Cron _ -> "cron";
            case Rule.RRule _ -> "rrule";
        };
    }

    private static Rule rule(String kind, String text) {
        return kind.equals("cron") ? new Rule.Cron(text) : new Rule.RRule(text);
    }

    private static Misfire misfire(String name, @Nullable String window) {
        return switch (name) {
            case "skip" -> new Misfire.Skip();
            case "catch-up" -> new Misfire.CatchUp(Duration.parse(String.valueOf(window)));
            default -> new Misfire.FireOnce();
        };
    }

    private static @Nullable Object utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable Instant instant(Row row, String column) {
        var value = row.getOffsetDateTime(column);
        return value == null ? null : value.toInstant();
    }
}
