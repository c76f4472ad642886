package dev.carillon.relay.store;

import dev.carillon.relay.Lane;
import dev.carillon.relay.OutboxState;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Counts what lies behind the positions that the relays have saved: a quarter of a second late at most while events flow. Counts end early. */
public final class PgOutboxState implements OutboxState {
    private static final String PAUSE = """
            WITH changed AS (UPDATE outbox_source SET paused = $1 RETURNING paused)
            SELECT pg_notify($2, '') FROM changed
            """;

    private final Pool pool;
    private final Partitions partitions;

    public PgOutboxState(Pool pool, Partitions partitions) {
        this.pool = pool;
        this.partitions = partitions;
    }

    @Override
    public CompletionStage<Void> answers() {
        return pool.query("SELECT 1").execute().<Void>mapEmpty().toCompletionStage();
    }

    @Override
    public CompletionStage<Summary> summary() {
        return ask(statements -> statements.summary, SUMMARY_COUNTS_TO)
                .map(rows -> summary(rows.iterator().next()))
                .toCompletionStage();
    }

    private Future<RowSet<Row>> ask(Function<OutboxStatements, String> statement, int countTo) {
        return partitions.over(pool, statements -> pool.preparedQuery(statement.apply(statements))
                .execute(Tuple.of(countTo))
                .map(Partitions::checked));
    }

    private static Summary summary(Row row) {
        Short[] lanes = row.getArrayOfShorts("waiting_lanes");
        Long[] millis = row.getArrayOfLongs("waiting_millis");
        var oldestAges = new HashMap<Lane, Duration>();
        for (int i = 0; i < lanes.length; i++) {
            oldestAges.put(new Lane(lanes[i]), age(millis[i]));
        }
        return new Summary(row.getLong("backlog"), oldestAges, row.getLong("parked"), row.getBoolean("paused"));
    }

    @Override
    public CompletionStage<List<LaneSummary>> lanes() {
        return ask(statements -> statements.lanes, LANE_COUNTS_TO)
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new LaneSummary(
                                new Lane(row.getShort("lane")),
                                row.getString("owner"),
                                row.getLong("backlog"),
                                oldestAge(row)))
                        .toList())
                .toCompletionStage();
    }

    private static @Nullable Duration oldestAge(Row row) {
        @Nullable Long millis = row.getLong("oldest_millis");
        return millis == null ? null : age(millis);
    }

    /** The services' clocks may be ahead of the database's. */
    private static Duration age(long millis) {
        return Duration.ofMillis(Math.max(0, millis));
    }

    @Override
    public CompletionStage<Void> pause(boolean paused) {
        return pool.preparedQuery(PAUSE)
                .execute(Tuple.of(paused, Hints.PEERS))
                .<Void>mapEmpty()
                .toCompletionStage();
    }
}
