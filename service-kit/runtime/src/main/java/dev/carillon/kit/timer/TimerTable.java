package dev.carillon.kit.timer;

import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * The table {@code timer}: its row, and not what is in memory, decides whether a timer fires. What is beyond the horizon is in {@link FarTimers},
 * which each statement here that arms or disarms anything looks at first: a sweep moves rows from there to here.
 */
final class TimerTable {
    private static final String INSERT = """
            INSERT INTO timer (kind, id, due_at, claimed_by)
            SELECT $5, a.id, a.due_at, CASE WHEN a.due_at < clock_timestamp() + $3::bigint * interval '1 ms' THEN $4::bigint END
            FROM unnest($1::uuid[], $2::timestamptz[]) AS a (id, due_at)
            RETURNING id, due_at, version, claimed_by
            """;
    // The far row goes first, or this would wait for a sweep that waits for this.
    private static final String ARM = """
            WITH far AS (DELETE FROM timer_far f WHERE f.kind = $5 AND f.id = ANY($1::uuid[]) RETURNING f.id)
            INSERT INTO timer AS t (kind, id, due_at, claimed_by)
            SELECT $5, a.id, a.due_at, CASE WHEN a.due_at < clock_timestamp() + $3::bigint * interval '1 ms' THEN $4::bigint END
            FROM unnest($1::uuid[], $2::timestamptz[]) AS a (id, due_at)
            WHERE (SELECT count(*) FROM far) >= 0
            ON CONFLICT (kind, id) DO UPDATE SET due_at = excluded.due_at, claimed_by = excluded.claimed_by, version = excluded.version
            RETURNING id, due_at, version, claimed_by
            """;
    private static final String DISARM = "DELETE FROM timer WHERE kind = $2 AND id = ANY($1::uuid[])";
    // Each by the primary key, by which a join alone does not go for sure: plans are made while the table may be empty.
    private static final String TAKE = """
            DELETE FROM timer t USING unnest($1::uuid[], $2::bigint[]) AS d (id, version)
            WHERE t.kind = $4 AND t.id = ANY($1::uuid[]) AND t.id = d.id AND t.version = d.version AND t.claimed_by = $3
            RETURNING t.id
            """;
    // One that is locked is being moved or removed; should it stay after all, this node finds it again.
    private static final String RELEASE = """
            WITH mine AS (
                SELECT t.id FROM timer t JOIN unnest($1::uuid[], $2::bigint[]) AS d (id, version) ON t.id = d.id AND t.version = d.version
                WHERE t.kind = $4 AND t.id = ANY($1::uuid[]) AND t.claimed_by = $3 FOR UPDATE OF t SKIP LOCKED)
            UPDATE timer t SET claimed_by = NULL WHERE t.kind = $4 AND t.id = ANY(ARRAY(SELECT id FROM mine))
            """;
    // The limit holds before the lock; what another live node holds is left to it, what this node lost
    // sight of is found again. In the first half of the window each node has its share, so that a burst
    // is not all the first one's; in the second half everything is anybody's. The bounds are now()'s:
    // with clock_timestamp(), which is volatile, no index is searched by them, but read from end to end.
    private static final String CLAIM = """
            WITH live AS MATERIALIZED (SELECT id, name FROM timer_node WHERE expires_at > clock_timestamp()),
            due AS (
                SELECT id FROM timer t
                WHERE kind = $5 AND due_at >= $6 AND due_at < now() + $2::bigint * interval '1 ms'
                  AND (claimed_by IS NULL
                       OR claimed_by = $1 AND due_at < now() - $3::bigint * interval '1 ms'
                       OR claimed_by <> $1 AND claimed_by <> ALL (ARRAY(SELECT id FROM live)))
                  AND (due_at < now() + $2::bigint * interval '0.5 ms'
                       OR (uuid_hash(id) & 65535) % (SELECT greatest(count(*), 1) FROM live WHERE name = $5)
                          = (SELECT count(*) FROM live WHERE name = $5 AND live.id < $1))
                ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED)
            UPDATE timer t SET claimed_by = $1 WHERE t.kind = $5 AND t.id = ANY(ARRAY(SELECT id FROM due))
            RETURNING t.id, t.due_at, t.version, t.claimed_by
            """;
    private static final String EARLIEST =
            "SELECT due_at, now() AS now FROM (SELECT) one LEFT JOIN LATERAL (SELECT due_at FROM timer"
                    + " WHERE kind = $1 AND due_at >= $2 ORDER BY due_at LIMIT 1) AS first ON true";

    /** A window that no instant is in. */
    static final Duration NO_WINDOW = Duration.ofDays(-36_500);

    private final Pool pool;
    private final String kind;

    /** @param kind tells these timers from others in the same table */
    TimerTable(Pool pool, String kind) {
        this.pool = pool;
        this.kind = kind;
    }

    /** A row as it is now, and whether a node has claimed it. */
    record Armed(Due due, boolean claimed) {}

    /** Where to begin, and what is within reach: rows before {@code from} are known to be done. */
    record Reach(Instant from, Duration window, Duration overdue) {}

    /** Arms those that are in neither table; those due within {@code window} are claimed under {@code lease}. */
    Uni<List<Armed>> insert(Tx tx, List<Arming> armings, Duration window, long lease) {
        return armed(tx, INSERT, armings, window, lease);
    }

    /** Arms or moves; those due within {@code window} are claimed under {@code lease}. */
    Uni<List<Armed>> arm(Tx tx, List<Arming> armings, Duration window, long lease) {
        return armed(tx, ARM, armings, window, lease);
    }

    private Uni<List<Armed>> armed(Tx tx, String sql, List<Arming> armings, Duration window, long lease) {
        return armings.isEmpty()
                ? Uni.createFrom().item(List.of())
                : tx.list(
                        sql,
                        Tuple.of(Arming.ids(armings), Arming.instants(armings), window.toMillis(), lease, kind),
                        TimerTable::armed);
    }

    /** As a statement of its own, after the far ones were removed: so it sees what a sweep has moved here meanwhile. */
    Uni<Void> disarm(Tx tx, List<UUID> ids) {
        return tx.run(DISARM, Tuple.of(ids.toArray(UUID[]::new), kind)).replaceWithVoid();
    }

    Uni<Set<UUID>> take(Tx tx, List<Due> due, long lease) {
        return tx.list(TAKE, Tuple.of(ids(due), versions(due), lease, kind), row -> row.getUUID("id"))
                .map(HashSet::new);
    }

    /** Leaves those that are still this lease's to anybody. */
    Uni<Void> release(Collection<Due> due, long lease) {
        return pool.preparedQuery(RELEASE)
                .execute(Tuple.of(ids(due), versions(due), lease, kind))
                .replaceWithVoid();
    }

    /** Claims what is within reach and nobody's, a dead node's, or this node's and overdue. */
    Uni<List<Armed>> claim(long lease, Reach reach, int limit) {
        return pool.preparedQuery(CLAIM)
                .execute(Tuple.from(List.of(
                        lease,
                        reach.window().toMillis(),
                        reach.overdue().toMillis(),
                        limit,
                        kind,
                        Arming.utc(reach.from()))))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(TimerTable::armed)
                        .toList());
    }

    /** The earliest instant at or after {@code from} that a timer has, but no later than {@code behind} ago: later ones may not be committed yet. */
    Uni<Instant> earliest(Instant from, Duration behind) {
        return pool.preparedQuery(EARLIEST)
                .execute(Tuple.of(kind, Arming.utc(from)))
                .map(rows -> rows.iterator().next())
                .map(row -> {
                    var latest = row.getOffsetDateTime("now").toInstant().minus(behind);
                    var found = row.getOffsetDateTime("due_at");
                    return found == null || found.toInstant().isAfter(latest) ? latest : found.toInstant();
                });
    }

    private static Armed armed(Row row) {
        var due = new Due(row.getUUID("id"), row.getOffsetDateTime("due_at").toInstant(), row.getLong("version"));
        return new Armed(due, row.getLong("claimed_by") != null);
    }

    private static UUID[] ids(Collection<Due> due) {
        return due.stream().map(Due::id).toArray(UUID[]::new);
    }

    private static Long[] versions(Collection<Due> due) {
        return due.stream().map(Due::version).toArray(Long[]::new);
    }
}
