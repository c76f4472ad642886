package dev.carillon.relay.store;

import dev.carillon.relay.Lane;
import dev.carillon.relay.LaneCensus;
import dev.carillon.relay.LaneLease;
import dev.carillon.relay.LaneLeases;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.StreamSupport;

/** Leases in {@code outbox_lane}. */
public final class PgLaneLeases implements LaneLeases {
    private static final String RENEW = """
            WITH renewed AS (
                UPDATE outbox_lane l SET expires_at = clock_timestamp() + make_interval(secs => $4)
                FROM unnest($2::smallint[], $3::bigint[]) AS mine(lane, epoch)
                WHERE l.lane = mine.lane AND l.epoch = mine.epoch AND l.owner = $1
                RETURNING l.lane)
            SELECT l.lane, l.owner, l.owner IS NULL OR l.expires_at <= clock_timestamp() AS free, r.lane IS NOT NULL AS renewed,
                   (SELECT paused FROM outbox_source) AS paused, (SELECT outbox_foreign()) AS "foreign"
            FROM outbox_lane l LEFT JOIN renewed r ON r.lane = l.lane
            ORDER BY l.lane
            """;

    // SKIP LOCKED: a claim that waited for another's could only come too late.
    private static final String CLAIM = """
            WITH free AS (
                SELECT lane FROM outbox_lane
                WHERE lane = ANY ($2::smallint[]) AND (owner IS NULL OR owner = $1 OR expires_at <= clock_timestamp())
                FOR UPDATE SKIP LOCKED)
            UPDATE outbox_lane l
            SET owner = $1, epoch = l.epoch + 1, expires_at = clock_timestamp() + make_interval(secs => $3)
            FROM free WHERE l.lane = free.lane
            RETURNING l.lane, l.epoch
            """;

    private static final String RELEASE = """
            WITH released AS (
                UPDATE outbox_lane l SET owner = NULL, expires_at = '-infinity'
                FROM unnest($2::smallint[], $3::bigint[]) AS mine(lane, epoch)
                WHERE l.lane = mine.lane AND l.epoch = mine.epoch AND l.owner = $1
                RETURNING l.lane)
            SELECT pg_notify($4, '') FROM (SELECT count(*) FROM released) AS done
            """;

    private final Pool pool;
    private final double leaseSeconds;

    public PgLaneLeases(Pool pool, Duration lease) {
        this.pool = pool;
        this.leaseSeconds = lease.toMillis() / 1000.0;
    }

    @Override
    public CompletionStage<LaneCensus> renew(String owner, Collection<LaneLease> held) {
        return run(RENEW, Tuple.of(owner, Arrays.lanesOf(held), Arrays.epochsOf(held), leaseSeconds))
                .map(PgLaneLeases::census)
                .toCompletionStage();
    }

    private static LaneCensus census(RowSet<Row> rows) {
        List<LaneCensus.Entry> entries = stream(rows)
                .map(row -> new LaneCensus.Entry(
                        new Lane(row.getShort("lane")),
                        row.getString("owner"),
                        row.getBoolean("free"),
                        row.getBoolean("renewed")))
                .toList();
        Row any = rows.iterator().next();
        return new LaneCensus(entries, any.getBoolean("paused"), any.getString("foreign"));
    }

    @Override
    public CompletionStage<List<LaneLease>> claim(String owner, Collection<Lane> lanes) {
        return run(CLAIM, Tuple.of(owner, Arrays.lanes(lanes), leaseSeconds))
                .map(rows -> stream(rows)
                        .map(row -> new LaneLease(new Lane(row.getShort("lane")), row.getLong("epoch")))
                        .toList())
                .toCompletionStage();
    }

    @Override
    public CompletionStage<Void> release(String owner, Collection<LaneLease> held) {
        return run(RELEASE, Tuple.of(owner, Arrays.lanesOf(held), Arrays.epochsOf(held), Hints.PEERS))
                .<Void>mapEmpty()
                .toCompletionStage();
    }

    @Override
    public CompletionStage<Void> ask(String owner) {
        return run("SELECT pg_notify($1, $2)", Tuple.of(Hints.PEERS, owner))
                .<Void>mapEmpty()
                .toCompletionStage();
    }

    private Future<RowSet<Row>> run(String sql, Tuple parameters) {
        return pool.preparedQuery(sql).execute(parameters);
    }

    private static java.util.stream.Stream<Row> stream(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false);
    }
}
