package dev.carillon.kit.timer;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * This node's lease, in the database's clock. Its id is the fencing token of all that is claimed under it; a lease that ended is never
 * revived, the node registers anew under another id.
 */
final class NodeLease {
    private static final String REGISTER =
            "INSERT INTO timer_node (name, expires_at) VALUES ($1, clock_timestamp() + $2::bigint * interval '1 ms')"
                    + " RETURNING id, clock_timestamp() AS now, ARRAY[]::bigint[] AS live, -1::bigint AS hurries";
    private static final String RENEW =
            "UPDATE timer_node SET expires_at = clock_timestamp() + $2::bigint * interval '1 ms'"
                    + " WHERE id = $1 AND expires_at > clock_timestamp() RETURNING id, clock_timestamp() AS now,"
                    + " ARRAY(SELECT n.id FROM timer_node n WHERE n.name = timer_node.name AND n.expires_at > clock_timestamp()) AS live,"
                    + " (SELECT hurries FROM timer_sweep) AS hurries";
    private static final String RELEASE = "UPDATE timer_node SET expires_at = '-infinity' WHERE id = $1";
    private static final String SWEEP =
            "DELETE FROM timer_node n WHERE expires_at < clock_timestamp() - interval '1 day'"
                    + " AND NOT EXISTS (SELECT FROM timer t WHERE t.claimed_by = n.id AND t.due_at < clock_timestamp())";

    private final Pool pool;
    private final String name;
    private final Duration length;
    private final DatabaseClock clock;
    private volatile long id = -1;
    private volatile long endsNanos;
    private volatile Set<Long> live = Set.of();
    private volatile long hurries = -1;
    private volatile boolean unseen;
    private boolean released;

    NodeLease(Pool pool, String name, Duration length, DatabaseClock clock) {
        this.pool = pool;
        this.name = name;
        this.length = length;
        this.clock = clock;
    }

    long id() {
        return id;
    }

    /** Whether this node may still act, by its monotonic clock, counted from when the last renewal was sent. */
    boolean holds() {
        return id >= 0 && System.nanoTime() - endsNanos < 0;
    }

    Uni<Void> register() {
        return take(REGISTER, Tuple.of(name, length.toMillis()))
                .chain(() -> pool.query(SWEEP).execute())
                .replaceWithVoid();
    }

    /** True when renewed; false when the lease has ended and a new one must be registered. */
    Uni<Boolean> renew() {
        return take(RENEW, Tuple.of(id, length.toMillis()));
    }

    /** Lets others take over at once, and for good. */
    Uni<Void> release() {
        return pool.preparedQuery(RELEASE).execute(Tuple.of(giveBack())).replaceWithVoid();
    }

    /** What is still on its way to be renewed must not bring it back: others have what was claimed under it. */
    private synchronized long giveBack() {
        long givenBack = id;
        released = true;
        id = -1;
        return givenBack;
    }

    private synchronized void hold(long taken, long sentNanos) {
        if (!released) {
            endsNanos = sentNanos + length.toNanos();
            id = taken;
        }
    }

    private Uni<Boolean> take(String sql, Tuple parameters) {
        return Uni.createFrom().deferred(() -> {
            long sentNanos = System.nanoTime();
            return pool.preparedQuery(sql)
                    .execute(parameters)
                    .map(rows -> Optional.ofNullable(
                            rows.iterator().hasNext() ? rows.iterator().next() : null))
                    .map(row -> row.map(taken -> accept(taken, sentNanos)).isPresent());
        });
    }

    /** Whether there may be timers, since this was asked last, before where this node looks: of another node whose lease has ended, or moved late. */
    boolean takeUnseen() {
        boolean was = unseen;
        unseen = false;
        return was;
    }

    private Row accept(Row row, long sentNanos) {
        var now = Set.of(row.getArrayOfLongs("live"));
        long moved = row.getLong("hurries");
        if (!now.containsAll(live) || moved != hurries) {
            unseen = true;
        }
        live = now;
        hurries = moved;
        clock.sample(row.getOffsetDateTime("now").toInstant(), sentNanos, System.nanoTime());
        hold(row.getLong("id"), sentNanos);
        return row;
    }
}
