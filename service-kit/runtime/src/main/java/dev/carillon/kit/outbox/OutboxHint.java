package dev.carillon.kit.outbox;

import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Tells the relay that there is something to publish, so that an idle relay need not poll often: NOTIFY on a connection of its own and outside
 * any transaction (inside one it would take a database-wide lock at commit), at most once every few milliseconds. Only a hint: the relay
 * polls all the same, so a lost one costs the relay's idle pause (a fifth of a second) and no event.
 */
@ApplicationScoped
public class OutboxHint {
    private static final Logger LOG = Logger.getLogger(OutboxHint.class);
    private static final long DEBOUNCE_MILLIS = 2;

    private final Pool pool;
    private final Vertx vertx;
    private final AtomicBoolean pending = new AtomicBoolean();

    public OutboxHint(Pool pool, Vertx vertx) {
        this.pool = pool;
        this.vertx = vertx;
    }

    void appended() {
        if (pending.compareAndSet(false, true)) {
            vertx.getDelegate().setTimer(DEBOUNCE_MILLIS, timer -> send());
        }
    }

    private void send() {
        pending.set(false);
        pool.query("NOTIFY carillon_outbox")
                .execute()
                .subscribe()
                .with(
                        sent -> {},
                        failure -> LOG.debugf(
                                failure, "The outbox hint was not sent; the relay's next poll finds the events"));
    }
}
