package dev.carillon.kit.outbox;

import dev.carillon.kit.event.OutgoingEvent.Urgency;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Tells the relay that there is something to publish, so that an idle relay need not poll often: NOTIFY on a connection of its own and outside
 * any transaction (inside one it would take a database-wide lock at commit), two milliseconds after the first event that somebody waits for. Of those
 * that can wait it tells when no further one has come for {@link OutboxSettings#quiet}, and {@link OutboxSettings#gather} after the first of them at the latest.
 * Only a hint: the relay polls all the same, so a lost one costs the relay's idle pause (two seconds) and no event.
 */
@ApplicationScoped
public class OutboxHint {
    private static final Logger LOG = Logger.getLogger(OutboxHint.class);
    private static final long AT_ONCE_MILLIS = 2;

    private final Runnable notify;
    private final Clock clock;
    private final long gatherMillis;
    private final long quietMillis;
    private boolean prompt;
    /** Whether there are events that can wait, since when, and when the last of them came. */
    private boolean gathering;

    private long firstMillis;
    private long lastMillis;

    /** Time that passes, in milliseconds from anywhere. */
    interface Clock {
        long millis();

        /** Runs something later, once. */
        void in(long millis, Runnable then);
    }

    @Inject
    public OutboxHint(Pool pool, Vertx vertx, OutboxSettings settings) {
        this(pool, vertx, settings.gather(), settings.quiet());
    }

    /** As the settings of these names have it. */
    public OutboxHint(Pool pool, Vertx vertx, Duration gather, Duration quiet) {
        this(() -> notify(pool), clock(vertx), gather, quiet);
    }

    OutboxHint(Runnable notify, Clock clock, Duration gather, Duration quiet) {
        this.notify = notify;
        this.clock = clock;
        this.gatherMillis = Math.max(AT_ONCE_MILLIS, gather.toMillis());
        this.quietMillis = Math.clamp(quiet.toMillis(), AT_ONCE_MILLIS, gatherMillis);
    }

    private static Clock clock(Vertx vertx) {
        return new Clock() {
            @Override
            public long millis() {
                return System.nanoTime() / 1_000_000;
            }

            @Override
            public void in(long millis, Runnable then) {
                vertx.getDelegate().setTimer(millis, id -> then.run());
            }
        };
    }

    void appended(Urgency urgency) {
        switch (urgency) {
            case PROMPT -> tellAtOnce();
            case CAN_WAIT -> gather();
        }
    }

    private void tellAtOnce() {
        synchronized (this) {
            if (prompt) {
                return;
            }
            prompt = true;
        }
        clock.in(AT_ONCE_MILLIS, this::promptIsDue);
    }

    private void promptIsDue() {
        synchronized (this) {
            prompt = false;
        }
        notify.run();
    }

    private void gather() {
        synchronized (this) {
            lastMillis = clock.millis();
            if (gathering) {
                return;
            }
            gathering = true;
            firstMillis = lastMillis;
        }
        clock.in(quietMillis, this::tellWhenQuiet);
    }

    private void tellWhenQuiet() {
        long left;
        synchronized (this) {
            left = Math.min(lastMillis + quietMillis, firstMillis + gatherMillis) - clock.millis();
            gathering = left > 0;
        }
        if (left > 0) {
            clock.in(left, this::tellWhenQuiet);
        } else {
            notify.run();
        }
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
