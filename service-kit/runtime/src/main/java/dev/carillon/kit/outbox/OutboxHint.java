package dev.carillon.kit.outbox;

import dev.carillon.kit.event.OutgoingEvent.Urgency;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.EnumSet;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Tells the relay that there is something to publish, so that an idle relay need not poll often: NOTIFY on a connection of its own and outside
 * any transaction (inside one it would take a database-wide lock at commit), two milliseconds after the first event that somebody waits for, and
 * {@link OutboxSettings#gather} after the first of those that can wait, for all that came meanwhile. Only a hint: the relay polls all the same, so a lost one
 * costs the relay's idle pause (a second) and no event.
 */
@ApplicationScoped
public class OutboxHint {
    private static final Logger LOG = Logger.getLogger(OutboxHint.class);
    private static final long AT_ONCE_MILLIS = 2;

    private final Timer timer;
    private final Runnable notify;
    private final long gatherMillis;
    private final Set<Urgency> pending = EnumSet.noneOf(Urgency.class);

    /** Runs something later, once. */
    interface Timer {
        void in(long millis, Runnable then);
    }

    @Inject
    public OutboxHint(Pool pool, Vertx vertx, OutboxSettings settings) {
        this(() -> notify(pool), (millis, then) -> vertx.getDelegate().setTimer(millis, id -> then.run()), settings);
    }

    OutboxHint(Runnable notify, Timer timer, OutboxSettings settings) {
        this.notify = notify;
        this.gatherMillis = Math.max(AT_ONCE_MILLIS, settings.gather().toMillis());
        this.timer = timer;
    }

    void appended(Urgency urgency) {
        if (begins(urgency)) {
            timer.in(millis(urgency), () -> send(urgency));
        }
    }

    private boolean begins(Urgency urgency) {
        synchronized (pending) {
            return pending.add(urgency);
        }
    }

    private void send(Urgency urgency) {
        synchronized (pending) {
            pending.remove(urgency);
        }
        notify.run();
    }

    private long millis(Urgency urgency) {
        return switch (urgency) {
            case PROMPT -> AT_ONCE_MILLIS;
            case CAN_WAIT -> gatherMillis;
        };
    }

    private static void notify(Pool pool) {
        pool.query("NOTIFY carillon_outbox")
                .execute()
                .subscribe()
                .with(
                        sent -> {},
                        failure -> LOG.debugf(
                                failure, "The outbox hint was not sent; the relay's next poll finds the events"));
    }
}
