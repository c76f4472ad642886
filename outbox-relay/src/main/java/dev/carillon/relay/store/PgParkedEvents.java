package dev.carillon.relay.store;

import dev.carillon.relay.ParkedEvents;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.StreamSupport;

/** Parked events in {@code outbox_parked}. */
public final class PgParkedEvents implements ParkedEvents {
    private static final String NOTHING_EARLIER = """
            NOT EXISTS (SELECT FROM outbox_parked o
                        WHERE o.lane = p.lane AND o.record_key = p.record_key AND o.topic = p.topic AND o.seq < p.seq)""";

    private static final String LIST = """
            SELECT p.id, p.lane, p.seq, p.event_id, p.topic, p.record_key, p.type, p.source, p.subject, p.tenant, p.version, p.occurred_at,
                   p.traceparent, p.tracestate, NULL::bytea AS payload, p.error, p.parked_at, %s AS first_of_key
            FROM outbox_parked p WHERE p.id > $1 ORDER BY p.id LIMIT $2
            """.formatted(NOTHING_EARLIER);

    private static final String FIND =
            "SELECT p.*, %s AS first_of_key FROM outbox_parked p WHERE p.id = $1".formatted(NOTHING_EARLIER);

    private static final String REMOVE = """
            WITH gone AS (DELETE FROM outbox_parked p WHERE p.id = $1 AND %s RETURNING p.id)
            INSERT INTO outbox_decision (parked_id, decision, idempotency_key) SELECT id, $2::text, $3::text FROM gone
            """.formatted(NOTHING_EARLIER);

    private static final String FORGET =
            "DELETE FROM outbox_decision WHERE decided_at < clock_timestamp() - interval '7 days'";

    private static final String DECISION = "SELECT decision, idempotency_key FROM outbox_decision WHERE parked_id = $1";

    private final Pool pool;

    public PgParkedEvents(Pool pool) {
        this.pool = pool;
    }

    @Override
    public CompletionStage<List<Parked>> list(long afterId, int limit) {
        return pool.preparedQuery(LIST)
                .execute(Tuple.of(afterId, limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(PgParkedEvents::parked)
                        .toList())
                .toCompletionStage();
    }

    @Override
    public CompletionStage<Optional<Parked>> find(long id) {
        return pool.preparedQuery(FIND)
                .execute(Tuple.of(id))
                .map(rows -> rows.size() == 0
                        ? Optional.<Parked>empty()
                        : Optional.of(parked(rows.iterator().next())))
                .toCompletionStage();
    }

    // The lane's row is locked as a parking locks it: else a follower could be parked behind the event that is just
    // leaving, behind nothing.
    @Override
    public CompletionStage<Boolean> remove(Parked parked, Decision decision) {
        short lane = (short) parked.event().lane().number();
        var what = Tuple.of(parked.id(), decision.fate().wireName(), decision.key());
        return pool.withTransaction(connection -> connection
                        .preparedQuery("SELECT lane FROM outbox_lane WHERE lane = $1 FOR UPDATE")
                        .execute(Tuple.of(lane))
                        .compose(locked -> connection.preparedQuery(REMOVE).execute(what))
                        .compose(removed ->
                                connection.query(FORGET).execute().map(forgotten -> removed.rowCount() == 1)))
                .toCompletionStage();
    }

    @Override
    public CompletionStage<Optional<Decision>> decision(long id) {
        return pool.preparedQuery(DECISION)
                .execute(Tuple.of(id))
                .map(rows -> rows.size() == 0
                        ? Optional.<Decision>empty()
                        : Optional.of(decision(rows.iterator().next())))
                .toCompletionStage();
    }

    private static Decision decision(Row row) {
        return new Decision(Fate.of(row.getString("decision")), row.getString("idempotency_key"));
    }

    private static Parked parked(Row row) {
        return new Parked(
                row.getLong("id"),
                EventRow.read(row),
                row.getString("error"),
                row.getOffsetDateTime("parked_at").toInstant(),
                row.getBoolean("first_of_key"));
    }
}
