package dev.carillon.kit.timer;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * How timers come into this node's memory, and leave it when it has no room. Looks for what nobody holds every two seconds, at once when another
 * node's lease has ended, and whenever memory has room for more that is known to be there.
 *
 * <p>A look begins at a watermark: before it, all that an earlier look saw is done. So neither rows long done nor their dead versions, which stay
 * while a transaction is open elsewhere, are read again. What was armed late, for an instant before the watermark, is held by who armed it; should
 * that node die, a look at all finds it. The watermark is not stored: its row's own dead versions would have to be read, and a node that starts looks
 * at all anyway.
 */
final class Claims {
    private static final Logger LOG = Logger.getLogger(Claims.class);
    private static final Duration OVERDUE = Duration.ofSeconds(2);
    private static final Duration EVERY = Duration.ofSeconds(2);
    // Longer than a transaction takes to commit what it armed.
    private static final Duration BEHIND = Duration.ofSeconds(10);
    private static final Duration ALL_EVERY = Duration.ofMinutes(1);

    private final TimerTable table;
    private final TimerSettings settings;
    private final DatabaseClock clock;
    private final NodeLease lease;
    private final Held held;
    private final Firings firings;
    private final AtomicBoolean claiming = new AtomicBoolean();
    private volatile boolean stopping;
    private volatile boolean again;
    // Whether the database has more within the window than is held.
    private volatile boolean more;
    private volatile Instant watermark = Instant.EPOCH;
    private volatile long lastNanos;
    private volatile long allNanos = System.nanoTime();

    Claims(TimerTable table, TimerSettings settings, DatabaseClock clock, NodeLease lease, Held held, Firings firings) {
        this.table = table;
        this.settings = settings;
        this.clock = clock;
        this.lease = lease;
        this.held = held;
        this.firings = firings;
    }

    void stop() {
        stopping = true;
    }

    /** How far ahead timers are worth claiming: when memory is full, as far as to the last that it holds. */
    Duration window() {
        if (!lease.holds()) {
            return TimerTable.NO_WINDOW;
        }
        var now = clock.instant();
        var before = held.before();
        return before.isBefore(now.plus(settings.window())) ? Duration.between(now, before) : settings.window();
    }

    /** Takes into memory what this node has claimed. Gives whether any of it was new and stayed. */
    boolean hold(List<TimerTable.Armed> armed) {
        var end = clock.instant().plus(settings.window());
        boolean stayed = held.hold(armed.stream()
                .filter(TimerTable.Armed::claimed)
                .map(TimerTable.Armed::due)
                .filter(one -> !firings.has(one))
                .toList());
        if (armed.stream().anyMatch(one -> !one.claimed() && one.due().dueAt().isBefore(end))) {
            more = true;
        }
        release();
        return stayed;
    }

    /** What memory has no room for. Until it is released, it is this node's to find again. */
    private void release() {
        var givenUp = held.givenUp();
        if (givenUp.isEmpty() || stopping) {
            return;
        }
        more = true;
        table.release(givenUp, lease.id())
                .ifNoItem()
                .after(settings.lease())
                .fail()
                .subscribe()
                .with(
                        released -> {
                            held.released(givenUp);
                            more = true;
                            claimWhenThereIsRoom();
                        },
                        failure -> LOG.warnf("Timers were not released, tried again: %s", failure.getMessage()));
    }

    /** Next time from the beginning, and soon. */
    void lookAtAll() {
        allNanos = System.nanoTime();
        again = true;
    }

    void claimWhenDue() {
        release();
        if (lease.takeUnseen()) {
            lookAtAll();
        }
        if (again || System.nanoTime() - lastNanos > EVERY.toNanos()) {
            claim();
        }
    }

    /** So that nothing waits in the database for the next look when memory has room for it. */
    void claimWhenThereIsRoom() {
        if (more && held.isHalfEmpty()) {
            claim();
        }
    }

    void claim() {
        if (stopping || !lease.holds() || !claiming.compareAndSet(false, true)) {
            return;
        }
        again = false;
        more = false;
        lastNanos = System.nanoTime();
        boolean all = lastNanos - allNanos >= 0;
        if (all) {
            allNanos = lastNanos + ALL_EVERY.toNanos();
        }
        var reach = new TimerTable.Reach(all ? Instant.EPOCH : watermark, window(), OVERDUE);
        int limit = Math.min(settings.held(), 10 * settings.batch());
        table.claim(lease.id(), reach, limit)
                .call(claimed -> table.earliest(reach.from(), BEHIND).invoke(found -> watermark = found))
                .ifNoItem()
                .after(settings.lease())
                .fail()
                .onFailure()
                .invoke(failure -> allNanos = all ? lastNanos : allNanos)
                .onTermination()
                .invoke(() -> claiming.set(false))
                .subscribe()
                .with(
                        claimed -> claimed(claimed, limit, reach),
                        failure -> LOG.warnf("Timers were not claimed, tried again soon: %s", failure.getMessage()));
    }

    private void claimed(List<TimerTable.Armed> claimed, int limit, TimerTable.Reach reach) {
        boolean stayed = hold(claimed);
        if (reach.window().compareTo(settings.window()) < 0) {
            more = true;
        }
        if (claimed.size() == limit) {
            again = true;
            more = true;
            // At once, unless it was nothing new.
            if (stayed) {
                claim();
            }
        }
    }
}
