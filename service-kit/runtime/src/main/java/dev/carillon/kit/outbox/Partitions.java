package dev.carillon.kit.outbox;

import dev.carillon.kit.outbox.PartitionRound.Step;
import dev.carillon.kit.tx.BoundedPool;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgConnection;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Keeps the partitions of one outbox: attaches days ahead, and retires those that are over. One at a time, whoever asks: an advisory lock of a connection
 * of its own decides, and ends with it.
 */
public final class Partitions {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration SILENCE = Duration.ofSeconds(45);
    private static final String TAKE_TURN =
            "SELECT pg_try_advisory_lock(hashtext('carillon.outbox.partitions')) AS taken, clock_timestamp() AS now";

    private final Vertx vertx;
    private final PgConnectOptions options;
    private final UnaryOperator<Instant> days;
    private final Consumer<Step> before;

    /**
     * @param options of the outbox's owner
     * @param days from the database's time to the one that counts: the same, except where a test moves through the days
     */
    public Partitions(Vertx vertx, PgConnectOptions options, UnaryOperator<Instant> days) {
        this(vertx, options, days, step -> {});
    }

    Partitions(Vertx vertx, PgConnectOptions options, UnaryOperator<Instant> days, Consumer<Step> before) {
        this.vertx = vertx;
        this.options = BoundedPool.bounded(options, SILENCE);
        this.days = days;
        this.before = before;
    }

    /** Takes every step that can be taken now; blocks meanwhile. Answers false when another keeper is at it. */
    public boolean keep() {
        PgConnection connection = PgConnection.connect(vertx, options).await().atMost(PATIENCE);
        try {
            Row turn = connection
                    .query(TAKE_TURN)
                    .execute()
                    .await()
                    .atMost(PATIENCE)
                    .iterator()
                    .next();
            if (turn.getBoolean("taken")) {
                new PartitionRound(
                                connection,
                                days.apply(turn.getOffsetDateTime("now").toInstant()),
                                before)
                        .go();
            }
            return turn.getBoolean("taken");
        } finally {
            connection.closeAndForget();
        }
    }
}
