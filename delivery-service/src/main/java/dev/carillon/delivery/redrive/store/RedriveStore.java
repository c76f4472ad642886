package dev.carillon.delivery.redrive.store;

import dev.carillon.delivery.redrive.DeadLetters;
import dev.carillon.delivery.redrive.Redrive;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Redrives as rows, and the dead letters that are theirs to look at. */
@ApplicationScoped
public class RedriveStore {
    private static final String OF_FILTER = """
            FROM delivery d
            WHERE d.tenant = $1 AND d.status = 'dead' AND (d.expires_at IS NULL OR d.expires_at > clock_timestamp())
              AND ($2::uuid IS NULL OR d.message_id = $2)
              AND ($3::text IS NULL OR d.channel = $3)
              AND ($4::text IS NULL OR $4 IN (d.destination::jsonb ->> 'address', d.destination::jsonb ->> 'chatId',
                                              d.destination::jsonb ->> 'url', d.destination::jsonb ->> 'endpointId'))
              AND ($5::timestamptz IS NULL OR d.due_at >= $5)
              AND ($6::timestamptz IS NULL OR d.due_at < $6)
            """;
    // Beyond it nobody is helped by the number, and counting would take ever longer.
    private static final int MOST_COUNTED = 100_000;
    private static final String COUNT =
            "SELECT count(*) AS n FROM (SELECT " + OF_FILTER + "LIMIT " + MOST_COUNTED + ") AS counted";
    // By the index of dead letters.
    private static final String STANDING =
            "SELECT count(*) AS n FROM (SELECT FROM delivery WHERE status = 'dead' LIMIT " + MOST_COUNTED + ") AS dead";
    // What died after the job had begun has failed again, or is another's: it is not looked at.
    private static final String NEXT =
            "SELECT d.id " + OF_FILTER + "AND d.ended_at <= $7 AND d.id > $8 ORDER BY d.id LIMIT $9";
    private static final String INSERT = """
            INSERT INTO redrive (id, tenant, state, message_id, channel, destination, due_from, due_to, rate_per_second, total, position,
                                 created_by, created_at, traceparent, tracestate)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            ON CONFLICT (tenant) WHERE state = 'running' DO NOTHING
            """;
    private static final String SAVE = """
            UPDATE redrive SET state = $2, redriven = $3, passed_over = $4, position = $5, stopped_by = $6, ended_at = $7 WHERE id = $1
            """;
    // By now(), as deliveries are forgotten: one instant for all rows, and one that an index could be searched by.
    private static final String FORGET = """
            DELETE FROM redrive WHERE id IN (
                SELECT id FROM redrive WHERE ended_at < now() - make_interval(secs => $1) ORDER BY ended_at LIMIT $2)
            """;
    private static final String LOCK = "SELECT * FROM redrive WHERE id = $1 FOR UPDATE";
    private static final String LOCK_OF_TENANT = "SELECT * FROM redrive WHERE id = $1 AND tenant = $2 FOR UPDATE";
    private static final String FIND = "SELECT * FROM redrive WHERE id = $1 AND tenant = $2";
    private static final String RUNNING = "SELECT * FROM redrive WHERE tenant = $1 AND state = 'running'";

    private final Transactions transactions;

    public RedriveStore(Transactions transactions) {
        this.transactions = transactions;
    }

    /** How many dead letters there are that could be redriven now; 100,000 when there are as many or more. */
    public Uni<Long> count(String tenant, DeadLetters which) {
        return transactions
                .list(COUNT, filter(tenant, which), RedriveStore::number)
                .map(List::getFirst);
    }

    /** As {@link #count(String, DeadLetters)}, in a transaction. */
    public Uni<Long> count(Tx tx, String tenant, DeadLetters which) {
        return tx.list(COUNT, filter(tenant, which), RedriveStore::number).map(List::getFirst);
    }

    /** How many dead letters of all tenants there are; 100,000 when there are as many or more. */
    public Uni<Long> standing() {
        return transactions.list(STANDING, Tuple.tuple(), RedriveStore::number).map(List::getFirst);
    }

    /** The dead letters that a job has to look at next, in the order of their ids; not locked. */
    public Uni<List<UUID>> next(Tx tx, Redrive job) {
        var parameters = filter(job.tenant(), job.which())
                .addValue(at(job.createdAt()))
                .addValue(job.position())
                .addValue(job.batch());
        return tx.list(NEXT, parameters, row -> row.getUUID("id"));
    }

    /**
     * Whether it is there now: not while another one of its tenant runs.
     *
     * @param trace of the request for it
     */
    public Uni<Boolean> insert(Tx tx, Redrive job, TraceContext trace) {
        var which = job.which();
        var parameters = Tuple.tuple()
                .addValue(job.id())
                .addValue(job.tenant())
                .addValue(job.state().wireName())
                .addValue(which.messageId())
                .addValue(which.channel())
                .addValue(which.destination())
                .addValue(at(which.from()))
                .addValue(at(which.to()))
                .addValue(job.ratePerSecond())
                .addValue(job.total())
                .addValue(job.position())
                .addValue(job.createdBy())
                .addValue(at(job.createdAt()))
                .addValue(trace.traceparent())
                .addValue(trace.tracestate());
        return tx.run(INSERT, parameters).map(rows -> rows.rowCount() == 1);
    }

    /** Writes what can change. The row must be locked by this transaction. */
    public Uni<Void> save(Tx tx, Redrive job) {
        var parameters = Tuple.tuple()
                .addValue(job.id())
                .addValue(job.state().wireName())
                .addValue(job.redriven())
                .addValue(job.passedOver())
                .addValue(job.position())
                .addValue(job.stoppedBy())
                .addValue(at(job.endedAt()));
        return tx.run(SAVE, parameters).replaceWithVoid();
    }

    /** Deletes up to {@code limit} that ended so long ago, and gives how many. */
    public Uni<Integer> forget(Tx tx, Duration longAgo, int limit) {
        return tx.run(FORGET, Tuple.of((double) longAgo.toSeconds(), limit)).map(rows -> rows.rowCount());
    }

    public Uni<Optional<TracedRedrive>> lock(Tx tx, UUID id) {
        return first(tx.list(LOCK, Tuple.of(id), RedriveStore::readTraced));
    }

    public Uni<Optional<Redrive>> lock(Tx tx, String tenant, UUID id) {
        return first(tx.list(LOCK_OF_TENANT, Tuple.of(id, tenant), RedriveStore::read));
    }

    public Uni<Optional<Redrive>> find(String tenant, UUID id) {
        return first(transactions.list(FIND, Tuple.of(id, tenant), RedriveStore::read));
    }

    /** The one of a tenant that runs. */
    public Uni<Optional<Redrive>> running(Tx tx, String tenant) {
        return first(tx.list(RUNNING, Tuple.of(tenant), RedriveStore::read));
    }

    private static <T> Uni<Optional<T>> first(Uni<List<T>> found) {
        return found.map(some -> some.stream().findFirst());
    }

    private static Tuple filter(String tenant, DeadLetters which) {
        return Tuple.tuple()
                .addValue(tenant)
                .addValue(which.messageId())
                .addValue(which.channel())
                .addValue(which.destination())
                .addValue(at(which.from()))
                .addValue(at(which.to()));
    }

    private static long number(Row row) {
        return row.getLong("n");
    }

    private static TracedRedrive readTraced(Row row) {
        return new TracedRedrive(
                read(row), new TraceContext(row.getString("traceparent"), row.getString("tracestate")));
    }

    private static Redrive read(Row row) {
        var which = new DeadLetters(
                row.getUUID("message_id"),
                row.getString("channel"),
                row.getString("destination"),
                instant(row, "due_from"),
                instant(row, "due_to"));
        return new Redrive(
                row.getUUID("id"),
                row.getString("tenant"),
                Redrive.State.of(row.getString("state")),
                which,
                row.getInteger("rate_per_second"),
                row.getLong("total"),
                row.getLong("redriven"),
                row.getLong("passed_over"),
                row.getUUID("position"),
                row.getString("created_by"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getString("stopped_by"),
                instant(row, "ended_at"));
    }

    private static @Nullable OffsetDateTime at(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable Instant instant(Row row, String column) {
        var value = row.getOffsetDateTime(column);
        return value == null ? null : value.toInstant();
    }
}
