package dev.carillon.relay.store;

import dev.carillon.kit.tx.BoundedPool;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.pubsub.PgSubscriber;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Listens on a connection of its own, which is made again whenever it is lost. What is said meanwhile is lost, so as long as there is none it hints every
 * tenth of a second of its own accord. Hints only spare waiting: everything they tell of is found without them, too.
 */
public final class Hints implements AutoCloseable {
    /** Services say here, outside their transactions, that they appended. */
    public static final String OUTBOX = "carillon_outbox";

    /** Relays say here that they want lanes (their instance id), or gave some back or paused the source (nothing). */
    static final String PEERS = "carillon_relay";

    private static final Logger LOG = Logger.getLogger(Hints.class);
    private static final long RECONNECT_MILLIS = 500;
    private static final long DEAF_MILLIS = 100;
    private static final long ASK_EVERY_MILLIS = 5_000;
    private static final long ANSWER_WITHIN_MILLIS = 3_000;

    private final Vertx vertx;
    private final SourceDatabase database;
    private final PgSubscriber subscriber;
    private final Runnable appended;
    private long asking = -1;
    private long deaf = -1;
    private volatile boolean closed;

    /** @param peerSpoke told the instance that wants lanes, or null when something else has changed */
    public Hints(Vertx vertx, SourceDatabase database, Runnable appended, Consumer<@Nullable String> peerSpoke) {
        this.vertx = vertx;
        this.database = database;
        this.appended = appended;
        this.subscriber = PgSubscriber.subscriber(vertx, database.connectOptions("outbox-relay hints"));
        subscriber.reconnectPolicy(retries -> closed ? -1L : RECONNECT_MILLIS);
        subscriber.channel(OUTBOX).handler(payload -> appended.run());
        subscriber.channel(PEERS).handler(payload -> peerSpoke.accept(payload.isEmpty() ? null : payload));
    }

    /** Answers at once; connecting goes on until it succeeds. */
    public void start() {
        connect();
        asking = vertx.setPeriodic(ASK_EVERY_MILLIS, tick -> ask());
        deaf = vertx.setPeriodic(DEAF_MILLIS, tick -> hintWhileDeaf());
    }

    private void hintWhileDeaf() {
        if (subscriber.actualConnection() == null) {
            appended.run();
        }
    }

    private void connect() {
        subscriber.connect().onFailure(failure -> {
            LOG.debugf(failure, "No hints from %s yet", database);
            if (!closed) {
                vertx.setTimer(RECONNECT_MILLIS, tick -> connect());
            }
        });
    }

    /** A connection whose other end is gone says nothing, as one that waits for a hint does: only an answer tells them apart. */
    private void ask() {
        @Nullable PgConnection connection = subscriber.actualConnection();
        if (connection == null) {
            return;
        }
        Future<?> answer = connection.query("SELECT 1").execute();
        vertx.setTimer(ANSWER_WITHIN_MILLIS, tick -> {
            if (!answer.succeeded()) {
                LOG.infof("The connection for hints from %s does not answer and is made again", database);
                BoundedPool.cutOff(connection);
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        vertx.cancelTimer(asking);
        vertx.cancelTimer(deaf);
        subscriber.close();
    }
}
