package dev.carillon.kit.timer;

import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** The table {@code timer}: its row, and not what is in memory, decides whether a timer fires. */
final class TimerTable {
    private static final String ARM = """
            INSERT INTO timer AS t (kind, id, due_at, claimed_by)
            SELECT $5, a.id, a.due_at, CASE WHEN a.due_at < clock_timestamp() + $3::bigint * interval '1 ms' THEN $4::bigint END
            FROM unnest($1::uuid[], $2::timestamptz[]) AS a (id, due_at)
            ON CONFLICT (kind, id) DO UPDATE SET due_at = excluded.due_at, claimed_by = excluded.claimed_by, version = excluded.version
            RETURNING id, due_at, version, claimed_by
            """;
    private static final String DISARM = "DELETE FROM timer WHERE kind = $2 AND id = ANY($1::uuid[])";
    private static final String TAKE = """
            DELETE FROM timer t USING unnest($1::uuid[], $2::bigint[]) AS d (id, version)
            WHERE t.kind = $4 AND t.id = d.id AND t.version = d.version AND t.claimed_by = $3
            RETURNING t.id
            """;
    // The limit holds before the lock; what another live node holds is left to it, what this node lost sight of is
    // found again.
    private static final String CLAIM = """
            WITH due AS (
                SELECT id FROM timer t
                WHERE kind = $5 AND due_at < clock_timestamp() + $2::bigint * interval '1 ms'
                  AND (claimed_by IS NULL
                       OR claimed_by = $1 AND due_at < clock_timestamp() - $3::bigint * interval '1 ms'
                       OR claimed_by <> $1 AND NOT EXISTS (
                              SELECT FROM timer_node n WHERE n.id = t.claimed_by AND n.expires_at > clock_timestamp()))
                ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED)
            UPDATE timer t SET claimed_by = $1 FROM due WHERE t.kind = $5 AND t.id = due.id
            RETURNING t.id, t.due_at, t.version, t.claimed_by
            """;

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

    /** Arms or moves; those due within {@code window} are claimed under {@code lease}. */
    Uni<List<Armed>> arm(Tx tx, List<UUID> ids, List<Instant> dueAt, Duration window, long lease) {
        return tx.list(
                ARM,
                Tuple.of(
                        ids.toArray(UUID[]::new),
                        dueAt.stream().map(TimerTable::utc).toArray(OffsetDateTime[]::new),
                        window.toMillis(),
                        lease,
                        kind),
                TimerTable::armed);
    }

    Uni<Void> disarm(Tx tx, List<UUID> ids) {
        return tx.run(DISARM, Tuple.of(ids.toArray(UUID[]::new), kind)).replaceWithVoid();
    }

    Uni<Set<UUID>> take(Tx tx, List<Due> due, long lease) {
        return tx.list(TAKE, Tuple.of(ids(due), versions(due), lease, kind), row -> row.getUUID("id"))
                .map(HashSet::new);
    }

    /** Claims what is due within {@code window} and nobody's, a dead node's, or this node's and overdue by {@code overdue}. */
    Uni<List<Armed>> claim(long lease, Duration window, Duration overdue, int limit) {
        return pool.preparedQuery(CLAIM)
                .execute(Tuple.of(lease, window.toMillis(), overdue.toMillis(), limit, kind))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(TimerTable::armed)
                        .toList());
    }

    private static Armed armed(Row row) {
        var due = new Due(row.getUUID("id"), row.getOffsetDateTime("due_at").toInstant(), row.getLong("version"));
        return new Armed(due, row.getLong("claimed_by") != null);
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static UUID[] ids(List<Due> due) {
        return due.stream().map(Due::id).toArray(UUID[]::new);
    }

    private static Long[] versions(List<Due> due) {
        return due.stream().map(Due::version).toArray(Long[]::new);
    }
}
