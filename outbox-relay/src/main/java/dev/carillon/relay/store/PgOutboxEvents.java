package dev.carillon.relay.store;

import dev.carillon.relay.Lane;
import dev.carillon.relay.LaneLease;
import dev.carillon.relay.OutboxEvents;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Reads {@code outbox_event} by presence and deletes by exact seq. */
public final class PgOutboxEvents implements OutboxEvents {
    /**
     * One index scan for each lane, from its start. What is known already is left out by a hashed subplan (NOT IN), which is built once for all lanes.
     * The inner LIMITs cut only the ends of lanes, since a lateral join runs lane by lane; the sums then cut at the bytes wanted.
     */
    private static final String READ = """
            SELECT b.*, EXISTS (SELECT FROM outbox_parked p
                                WHERE p.lane = b.lane AND p.record_key = b.record_key AND p.topic = b.topic) AS key_parked
            FROM (SELECT c.*, sum(octet_length(c.payload)) OVER (ORDER BY c.turn, c.seq ROWS UNBOUNDED PRECEDING) AS bytes_so_far
                  FROM (SELECT l.turn, e.*
                        FROM unnest($1::smallint[]) WITH ORDINALITY AS l(lane, turn)
                        CROSS JOIN LATERAL (
                            SELECT * FROM outbox_event o
                            WHERE o.lane = l.lane
                              AND o.seq NOT IN (SELECT unnest($2::bigint[]))
                              AND o.topic <> ALL ($3::text[])
                            ORDER BY o.seq LIMIT $4) AS e
                        LIMIT $5) AS c) AS b
            WHERE b.bytes_so_far - octet_length(b.payload) < $6
            ORDER BY b.turn, b.seq
            """;

    /**
     * A deletion that a crash of the database forgets costs repeats and no event, so its commit need not wait for the disk: the setting holds for
     * this statement's own transaction alone.
     */
    private static final String DELETE = """
            WITH held AS MATERIALIZED (
                SELECT l.lane, set_config('synchronous_commit', 'off', true)
                FROM outbox_lane l JOIN unnest($2::smallint[], $3::bigint[]) AS mine(lane, epoch)
                     ON l.lane = mine.lane AND l.epoch = mine.epoch
                WHERE l.owner = $1),
            gone AS (
                DELETE FROM outbox_event e
                USING unnest($4::smallint[], $5::bigint[]) AS acknowledged(lane, seq)
                WHERE e.lane = acknowledged.lane AND e.seq = acknowledged.seq AND e.lane IN (SELECT lane FROM held))
            SELECT lane FROM held
            """;

    private static final String LOCK_LEASE =
            "SELECT lane FROM outbox_lane WHERE lane = $1 AND epoch = $2 AND owner = $3 FOR UPDATE";

    private static final String PARK_REFUSED = """
            WITH gone AS (DELETE FROM outbox_event WHERE lane = $1 AND seq = ANY ($2::bigint[]) RETURNING *)
            INSERT INTO outbox_parked (lane, seq, %1$s, error)
            SELECT g.lane, g.seq, %1$s, r.reason
            FROM gone g JOIN unnest($2::bigint[], $3::text[]) AS r(seq, reason) ON r.seq = g.seq
            ORDER BY g.seq
            """.formatted(EventRow.CONTENT);

    private static final String PARK_FOLLOWERS = """
            WITH gone AS (
                DELETE FROM outbox_event e
                WHERE e.lane = $1 AND e.seq = ANY ($2::bigint[])
                  AND EXISTS (SELECT FROM outbox_parked p
                              WHERE p.lane = e.lane AND p.record_key = e.record_key AND p.topic = e.topic)
                RETURNING *)
            INSERT INTO outbox_parked (lane, seq, %1$s, error)
            SELECT lane, seq, %1$s, 'follows a parked event of its key' FROM gone ORDER BY seq
            """.formatted(EventRow.CONTENT);

    private final Pool pool;

    public PgOutboxEvents(Pool pool) {
        this.pool = pool;
    }

    @Override
    public CompletionStage<List<Found>> read(Wanted wanted) {
        Tuple parameters = Tuple.of(
                Arrays.lanes(wanted.lanes()),
                Arrays.seqs(wanted.known()),
                wanted.withheld().toArray(String[]::new),
                wanted.perLane(),
                wanted.events(),
                wanted.bytes());
        return pool.preparedQuery(READ)
                .execute(parameters)
                .map(rows -> {
                    List<Found> found = new ArrayList<>(rows.size());
                    rows.forEach(row -> found.add(new Found(EventRow.read(row), row.getBoolean("key_parked"))));
                    return found;
                })
                .toCompletionStage();
    }

    @Override
    public CompletionStage<Set<Lane>> delete(String owner, Map<LaneLease, ? extends Collection<Long>> acknowledged) {
        List<Lane> lanes = new ArrayList<>();
        List<Long> seqs = new ArrayList<>();
        acknowledged.forEach((lease, ofLane) -> ofLane.forEach(seq -> {
            lanes.add(lease.lane());
            seqs.add(seq);
        }));
        Set<LaneLease> leases = acknowledged.keySet();
        Tuple parameters = Tuple.of(
                owner, Arrays.lanesOf(leases), Arrays.epochsOf(leases), Arrays.lanes(lanes), Arrays.seqs(seqs));
        return pool.preparedQuery(DELETE)
                .execute(parameters)
                .map(rows -> {
                    Set<Lane> counted = new HashSet<>();
                    rows.forEach(row -> counted.add(new Lane(row.getShort("lane"))));
                    return counted;
                })
                .toCompletionStage();
    }

    @Override
    public CompletionStage<ParkOutcome> park(String owner, LaneLease lease, List<Parking> parkings) {
        return pool.withTransaction(connection -> connection
                        .preparedQuery(LOCK_LEASE)
                        .execute(Tuple.of((short) lease.lane().number(), lease.epoch(), owner))
                        .compose(held -> held.size() == 0
                                ? Future.<ParkOutcome>succeededFuture(new ParkOutcome.LeaseLost())
                                : move(connection, lease.lane(), parkings)))
                .toCompletionStage();
    }

    private static Future<ParkOutcome> move(SqlConnection connection, Lane lane, List<Parking> parkings) {
        List<Parking> refused =
                parkings.stream().filter(parking -> parking.refusal() != null).toList();
        List<Long> followers = parkings.stream()
                .filter(parking -> parking.refusal() == null)
                .map(Parking::seq)
                .toList();
        Tuple first = Tuple.of(
                (short) lane.number(),
                refused.stream().map(Parking::seq).toArray(Long[]::new),
                refused.stream().map(Parking::refusal).toArray(String[]::new));
        // Not Tuple.of: with two arguments the array would be taken for its varargs.
        Tuple then = Tuple.tuple().addValue((short) lane.number()).addValue(Arrays.seqs(followers));
        return connection.preparedQuery(PARK_REFUSED).execute(first).compose(moved -> connection
                .preparedQuery(PARK_FOLLOWERS)
                .execute(then)
                .map(more -> new ParkOutcome.Parked(moved.rowCount() + more.rowCount())));
    }
}
