package dev.carillon.relay.store;

import dev.carillon.relay.Lane;
import dev.carillon.relay.OutboxState;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Counts that end early, and ages from each lane's first row: a lane's lowest seq is its oldest event, give or take a transaction. */
public final class PgOutboxState implements OutboxState {
    private static final String SUMMARY = """
            SELECT (SELECT count(*) FROM (SELECT FROM outbox_event LIMIT $1) AS counted) AS backlog,
                   (SELECT count(*) FROM (SELECT FROM outbox_parked LIMIT $1) AS counted) AS parked,
                   (SELECT paused FROM outbox_source) AS paused,
                   (SELECT (extract(epoch FROM clock_timestamp() - min(first.occurred_at)) * 1000)::bigint
                    FROM outbox_lane l CROSS JOIN LATERAL (
                        SELECT e.occurred_at FROM outbox_event e WHERE e.lane = l.lane ORDER BY e.seq LIMIT 1) AS first) AS oldest_millis
            """;

    private static final String LANES = """
            SELECT l.lane, CASE WHEN l.expires_at > clock_timestamp() THEN l.owner END AS owner,
                   (SELECT count(*) FROM (SELECT FROM outbox_event e WHERE e.lane = l.lane LIMIT $1) AS counted) AS backlog,
                   (SELECT (extract(epoch FROM clock_timestamp() - e.occurred_at) * 1000)::bigint
                    FROM outbox_event e WHERE e.lane = l.lane ORDER BY e.seq LIMIT 1) AS oldest_millis
            FROM outbox_lane l ORDER BY l.lane
            """;

    private static final String PAUSE = """
            WITH changed AS (UPDATE outbox_source SET paused = $1 RETURNING paused)
            SELECT pg_notify($2, '') FROM changed
            """;

    private final Pool pool;

    public PgOutboxState(Pool pool) {
        this.pool = pool;
    }

    @Override
    public CompletionStage<Summary> summary() {
        return pool.preparedQuery(SUMMARY)
                .execute(Tuple.of(SUMMARY_COUNTS_TO))
                .map(rows -> summary(rows.iterator().next()))
                .toCompletionStage();
    }

    private static Summary summary(Row row) {
        @Nullable Duration age = age(row);
        return new Summary(
                row.getLong("backlog"),
                age == null ? Duration.ZERO : age,
                row.getLong("parked"),
                row.getBoolean("paused"));
    }

    @Override
    public CompletionStage<List<LaneSummary>> lanes() {
        return pool.preparedQuery(LANES)
                .execute(Tuple.of(LANE_COUNTS_TO))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new LaneSummary(
                                new Lane(row.getShort("lane")),
                                row.getString("owner"),
                                row.getLong("backlog"),
                                age(row)))
                        .toList())
                .toCompletionStage();
    }

    private static @Nullable Duration age(Row row) {
        @Nullable Long millis = row.getLong("oldest_millis");
        // The services' clocks may be ahead of the database's.
        return millis == null ? null : Duration.ofMillis(Math.max(0, millis));
    }

    @Override
    public CompletionStage<Void> pause(boolean paused) {
        return pool.preparedQuery(PAUSE)
                .execute(Tuple.of(paused, Hints.PEERS))
                .<Void>mapEmpty()
                .toCompletionStage();
    }
}
