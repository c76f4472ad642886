package dev.carillon.relay.store;

import dev.carillon.kit.tx.BoundedPool;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgNotification;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Listens on a connection of its own, which is made again whenever it is lost. What was said meanwhile is lost: hints only spare waiting, and
 * everything they tell of is found without them.
 *
 * <pre>
 *   CONNECTING ── listens ──▶ LISTENING ── closed, or does not answer ──▶ LOST ── half a second ──▶ CONNECTING
 *        └──────────────────── fails ─────────────────────────────────────▲
 * </pre>
 *
 * <p>Not the client's own subscriber, which gives up when its first connection fails, and keeps one for ever of whose end it was not told.
 */
public final class Hints implements AutoCloseable {
    /** Services say here, outside their transactions, that they appended. */
    public static final String OUTBOX = "carillon_outbox";

    /** Relays say here that they want lanes (their instance id), or gave some back or paused the source (nothing). */
    static final String PEERS = "carillon_relay";

    private static final Logger LOG = Logger.getLogger(Hints.class);
    private static final long RECONNECT_MILLIS = 500;
    private static final long ASK_EVERY_MILLIS = 5_000;
    private static final long ANSWER_WITHIN_MILLIS = 3_000;
    private static final String LISTEN = "LISTEN %s; LISTEN %s".formatted(OUTBOX, PEERS);

    private final Vertx vertx;
    private final SourceDatabase database;
    private final Runnable appended;
    private final Consumer<@Nullable String> peerSpoke;
    private @Nullable PgConnection listening;
    private long timer = -1;
    private boolean closed;

    /** @param peerSpoke told the instance that wants lanes, or null when something else has changed */
    public Hints(Vertx vertx, SourceDatabase database, Runnable appended, Consumer<@Nullable String> peerSpoke) {
        this.vertx = vertx;
        this.database = database;
        this.appended = appended;
        this.peerSpoke = peerSpoke;
    }

    /** Answers at once; connecting goes on until it succeeds. */
    public void start() {
        connect();
        timer = vertx.setPeriodic(ASK_EVERY_MILLIS, tick -> ask());
    }

    private synchronized void connect() {
        if (closed) {
            return;
        }
        var givenUp = new AtomicBoolean();
        Future<PgConnection> connecting = PgConnection.connect(vertx, database.connectOptions("outbox-relay hints"));
        connecting.onSuccess(connection -> {
            if (givenUp.get()) {
                BoundedPool.cutOff(connection);
            }
        });
        connecting
                .compose(this::listen)
                .timeout(ANSWER_WITHIN_MILLIS, TimeUnit.MILLISECONDS)
                .onFailure(failure -> {
                    LOG.debugf(failure, "No hints from %s yet", database);
                    givenUp.set(true);
                    if (connecting.succeeded()) {
                        BoundedPool.cutOff(connecting.result());
                    }
                    connectLater();
                });
    }

    private Future<Void> listen(PgConnection connection) {
        connection.notificationHandler(this::heard);
        connection.closeHandler(ended -> lost(connection));
        return connection
                .query(LISTEN)
                .execute()
                .onSuccess(listens -> listens(connection))
                .mapEmpty();
    }

    private void heard(PgNotification hint) {
        switch (hint.getChannel()) {
            case OUTBOX -> appended.run();
            case PEERS -> peerSpoke.accept(hint.getPayload().isEmpty() ? null : hint.getPayload());
            default -> LOG.debugf("Nobody listens to %s", hint.getChannel());
        }
    }

    private synchronized void listens(PgConnection connection) {
        if (closed || listening != null) {
            BoundedPool.cutOff(connection);
        } else {
            listening = connection;
        }
    }

    /** A connection whose other end is gone says nothing, as one that waits for a hint does: only an answer tells them apart. */
    private synchronized void ask() {
        @Nullable PgConnection asked = listening;
        if (asked != null) {
            asked.query("SELECT 1")
                    .execute()
                    .timeout(ANSWER_WITHIN_MILLIS, TimeUnit.MILLISECONDS)
                    .onFailure(silent -> lost(asked));
        }
    }

    private synchronized void lost(PgConnection connection) {
        if (connection == listening) {
            listening = null;
            BoundedPool.cutOff(connection);
            if (!closed) {
                LOG.infof("The connection for hints from %s is lost and made again", database);
                connectLater();
            }
        }
    }

    private void connectLater() {
        vertx.setTimer(RECONNECT_MILLIS, tick -> connect());
    }

    @Override
    public synchronized void close() {
        closed = true;
        vertx.cancelTimer(timer);
        if (listening != null) {
            listening.close();
        }
    }
}
