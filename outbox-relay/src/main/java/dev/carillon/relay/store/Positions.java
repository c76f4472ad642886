package dev.carillon.relay.store;

import dev.carillon.relay.Lane;
import dev.carillon.relay.LaneLease;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Positions in {@code outbox_cursor}, where rows are only added, until the newest ones take the place of all. */
final class Positions {
    private static final Logger LOG = Logger.getLogger(Positions.class);

    /** So many rows are two or three megabytes. */
    private static final int MOST_ROWS = 10_000;

    private static final int AGAIN_AFTER_ROWS = 500;

    private static final String LOAD = """
            SELECT m.lane, c.base::text AS base, c.target::text AS target, c.last, c.settled
            FROM unnest($1::smallint[]) AS m(lane)
            CROSS JOIN LATERAL (
                SELECT * FROM outbox_cursor o WHERE o.lane = m.lane ORDER BY o.epoch DESC, o.id DESC LIMIT 1) AS c
            """;

    /**
     * A position that a crash of the database forgets costs repeats and no event, so its commit need not wait for the disk. One that is there after
     * a crash was written after every transaction id that its snapshots know.
     */
    private static final String SAVE = """
            WITH counted AS MATERIALIZED (
                SELECT l.lane, l.epoch, m.base, m.target, m.last, m.settled, set_config('synchronous_commit', 'off', true)
                FROM unnest($2::smallint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::text[])
                         AS m(lane, epoch, base, target, last, settled)
                JOIN outbox_lane l ON l.lane = m.lane AND l.epoch = m.epoch
                WHERE l.owner = $1)
            INSERT INTO outbox_cursor (lane, epoch, base, target, last, settled)
            SELECT lane, epoch, base::pg_snapshot, nullif(target, '')::pg_snapshot, last, settled::bigint[] FROM counted
            RETURNING lane
            """;

    /**
     * In one statement, so that no client can stop halfway and hold the lock. Each of its parts takes its own snapshot, after the lock: whatever was
     * saved before is seen. Who holds the table for longer, as a dump does, leaves it to the next time.
     */
    private static final String KEEP_NEWEST = """
            DO $$
            DECLARE
                newest outbox_cursor[];
            BEGIN
                PERFORM set_config('lock_timeout', '50ms', true);
                LOCK TABLE outbox_cursor IN ACCESS EXCLUSIVE MODE;
                newest := ARRAY(SELECT c FROM (SELECT DISTINCT ON (lane) * FROM outbox_cursor ORDER BY lane, epoch DESC, id DESC) AS c);
                TRUNCATE outbox_cursor;
                INSERT INTO outbox_cursor OVERRIDING SYSTEM VALUE SELECT * FROM unnest(newest);
            END $$
            """;

    /** Full at first: who knows how many rows the relays before have left. */
    private final AtomicInteger rows = new AtomicInteger(MOST_ROWS);

    Future<Map<Lane, Position>> load(SqlClient client, Collection<LaneLease> leases) {
        // Not Tuple.of: the array would be taken for its varargs.
        return client.preparedQuery(LOAD)
                .execute(Tuple.tuple().addValue(Arrays.lanesOf(leases)))
                .map(found -> {
                    Map<Lane, Position> positions = new HashMap<>();
                    found.forEach(row -> positions.put(new Lane(row.getShort("lane")), position(row)));
                    return positions;
                });
    }

    private static Position position(Row row) {
        @Nullable String target = row.getString("target");
        return new Position(
                new Snapshot(row.getString("base")),
                target == null ? null : new Snapshot(target),
                row.getLong("last"),
                List.of(row.getArrayOfLongs("settled")));
    }

    /** Answers the lanes whose lease counted. */
    Future<Set<Lane>> save(SqlClient client, String owner, Map<LaneLease, Position> positions) {
        return client.preparedQuery(SAVE).execute(parameters(owner, positions)).map(saved -> {
            Set<Lane> counted = new HashSet<>();
            saved.forEach(row -> counted.add(new Lane(row.getShort("lane"))));
            return counted;
        });
    }

    private static Tuple parameters(String owner, Map<LaneLease, Position> positions) {
        Collection<Position> values = positions.values();
        return Tuple.of(
                owner,
                Arrays.lanesOf(positions.keySet()),
                Arrays.epochsOf(positions.keySet()),
                values.stream().map(position -> position.base().text()).toArray(String[]::new),
                values.stream()
                        .map(position -> Snapshot.text(position.target()))
                        .toArray(String[]::new),
                values.stream().map(Position::last).toArray(Long[]::new),
                values.stream().map(Positions::settled).toArray(String[]::new));
    }

    private static String settled(Position position) {
        return position.settled().stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
    }

    /** To be called after each save, outside of any transaction. */
    Future<Void> saved(SqlClient client, int more) {
        if (rows.addAndGet(more) < MOST_ROWS) {
            return Future.succeededFuture();
        }
        rows.set(0);
        return client.query(KEEP_NEWEST).execute().<Void>mapEmpty().recover(failure -> {
            LOG.debugf(failure, "Former positions are left for now");
            rows.set(MOST_ROWS - AGAIN_AFTER_ROWS);
            return Future.succeededFuture();
        });
    }
}
