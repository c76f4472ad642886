package dev.carillon.kit.timer;

import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The table {@code timer_far}: timers beyond the horizon, of all kinds, and the sweep that moves them to {@code timer} long before their instant.
 *
 * <p>A sweep reads the table once, a piece in each transaction, evenly over a quarter of the horizon; the next one then begins. Any node may make
 * the next piece: how far the sweep is stands in the database and commits with what was moved, so a crash loses a piece's work and nothing else.
 *
 * <p>Why nothing is late: a timer comes here only when it is a horizon away. Whatever a sweep misses of it (its transaction commits behind the
 * sweep, or its row is locked when the sweep passes), the next two find, which end within three quarters of the horizon. When nobody has swept for
 * longer than half a horizon, a sweep of all that there is comes first, without a pause, and every node then looks for what is due from the beginning.
 */
final class FarTimers {
    private static final int SWEEPS_A_HORIZON = 4;
    /** 8 MiB: some hundred thousand timers, which take tens of milliseconds. */
    private static final long PIECE_BLOCKS = 1024;
    /** How many are moved by one transaction at most. */
    static final int MOST = 5000;

    private static final String INSERT = "INSERT INTO timer_far (kind, id, due_at)"
            + " SELECT $3, a.id, a.due_at FROM unnest($1::uuid[], $2::timestamptz[]) AS a (id, due_at)";
    private static final String ARM =
            INSERT + " ON CONFLICT (kind, id) DO UPDATE SET due_at = excluded.due_at, version = excluded.version";
    private static final String DISARM = "DELETE FROM timer_far WHERE kind = $2 AND id = ANY($1::uuid[])";
    private static final String PLACE = """
            SELECT began_at, hurried, next_block, clock_timestamp() AS now,
                   pg_relation_size('timer_far') / current_setting('block_size')::bigint AS blocks
            FROM timer_sweep FOR UPDATE SKIP LOCKED
            """;
    // One that is locked is being moved or removed; if it is not after all, the next sweep finds it. Should a timer be
    // in both tables, which only
    // somebody who arms without a lock can bring about, the later arming holds.
    private static final String MOVE = """
            WITH near AS (
                DELETE FROM timer_far WHERE ctid = ANY (ARRAY(
                    SELECT ctid FROM timer_far
                    WHERE ctid >= $1::text::tid AND ctid < $2::text::tid AND due_at < now() + $3::bigint * interval '1 ms'
                    LIMIT $4 FOR UPDATE SKIP LOCKED))
                RETURNING kind, id, due_at, version)
            INSERT INTO timer AS t (kind, id, due_at, version) SELECT kind, id, due_at, version FROM near
            ON CONFLICT (kind, id) DO UPDATE SET due_at = excluded.due_at, version = excluded.version, claimed_by = NULL
                WHERE t.version < excluded.version
            """;
    private static final String GONE_ON =
            "UPDATE timer_sweep SET began_at = $1, hurried = $2::boolean, next_block = $3, hurries = hurries + CASE WHEN $2::boolean THEN 1 ELSE 0 END";

    private final Transactions transactions;
    private final Duration horizon;
    private final Duration each;

    FarTimers(Pool pool, Duration horizon) {
        this.transactions = new Transactions(pool);
        this.horizon = horizon;
        this.each = horizon.dividedBy(SWEEPS_A_HORIZON);
    }

    /** Arms those that are in neither table. */
    Uni<Void> insert(Tx tx, String kind, List<Arming> armings) {
        return armings.isEmpty() ? Uni.createFrom().voidItem() : run(tx, INSERT, kind, armings);
    }

    /** Arms or moves. Those that are in {@code timer} are to be removed there by a later statement. */
    Uni<Void> arm(Tx tx, String kind, List<Arming> armings) {
        return run(tx, ARM, kind, armings);
    }

    private static Uni<Void> run(Tx tx, String sql, String kind, List<Arming> armings) {
        return tx.run(sql, Tuple.of(Arming.ids(armings), Arming.instants(armings), kind))
                .replaceWithVoid();
    }

    /** Waits for a sweep that is moving one of them; what it has moved is then to be removed by a later statement. */
    Uni<Void> disarm(Tx tx, String kind, List<UUID> ids) {
        return tx.run(DISARM, Tuple.of(ids.toArray(UUID[]::new), kind)).replaceWithVoid();
    }

    /** Makes the next piece if it is time for it. Gives how long to wait until the one after that. */
    Uni<Duration> sweep() {
        return transactions.inTransaction(tx -> tx.list(PLACE, Tuple.tuple(), Sweep::of)
                .chain(place ->
                        place.isEmpty() ? Uni.createFrom().item(each.dividedBy(10)) : sweep(tx, place.getFirst())));
    }

    private Uni<Duration> sweep(Tx tx, Sweep found) {
        var sweep = found.current(each);
        var wait = sweep.waitFor(each);
        if (wait.isPositive()) {
            return Uni.createFrom().item(wait);
        }
        long end = sweep.nextBlock + PIECE_BLOCKS;
        return tx.run(MOVE, Tuple.of(tid(sweep.nextBlock), tid(end), horizon.toMillis(), MOST))
                .map(moved -> moved.rowCount() < MOST ? sweep.at(end) : sweep)
                .call(next -> tx.run(GONE_ON, Tuple.of(Arming.utc(next.beganAt), next.hurried, next.nextBlock)))
                .map(next -> next.waitFor(each));
    }

    private static String tid(long block) {
        return "(" + block + ",0)";
    }

    /** Where a sweep is, and by the database's clock when. */
    record Sweep(Instant beganAt, boolean hurried, long nextBlock, long blocks, Instant now) {
        static Sweep of(Row row) {
            return new Sweep(
                    row.getOffsetDateTime("began_at").toInstant(),
                    row.getBoolean("hurried"),
                    row.getLong("next_block"),
                    row.getLong("blocks"),
                    row.getOffsetDateTime("now").toInstant());
        }

        /** This one, or the one after it: at its time, or at once when it is so late that something may be missing. */
        Sweep current(Duration each) {
            if (now.isAfter(beganAt.plus(each.multipliedBy(2)))) {
                return new Sweep(now, true, 0, blocks, now);
            }
            return nextBlock >= blocks && !now.isBefore(beganAt.plus(each))
                    ? new Sweep(now, false, 0, blocks, now)
                    : this;
        }

        Sweep at(long block) {
            return new Sweep(beganAt, hurried, block, blocks, now);
        }

        /** Until the next piece, if it is spread evenly; the time of the piece at the end is that of the next sweep. */
        Duration waitFor(Duration each) {
            double done = blocks == 0 ? 1 : Math.min(1, (double) nextBlock / blocks);
            if (nextBlock == 0 || hurried && done < 1) {
                return Duration.ZERO;
            }
            var wait = Duration.between(now, beganAt.plusNanos((long) (each.toNanos() * done)));
            return wait.isNegative() ? Duration.ZERO : wait;
        }
    }
}
