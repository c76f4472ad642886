package dev.carillon.kit.limits;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many requests may be in flight: as many as are answered in time, found by additive increase and multiplicative decrease (as TCP finds its window). When
 * more than half of the answers of a window were slow, the limit falls to as many as were answered in the time from which on one is slow (Little's law), by a
 * tenth at least and by half at most; otherwise it rises by a hundredth of the most. A window is a quarter of a second, or as long as it takes to have ten
 * answers. Requests share counters and no lock.
 *
 * <p>A request is in flight until its answer begins, so that a stream that stays open is not. Those that wait for others are counted apart, up to the same
 * limit: they take no room from those that this instance answers by itself, however long the others take.
 */
@Singleton
public class ConcurrencyLimit {
    static final Duration WINDOW = Duration.ofMillis(250);
    static final int LEAST_ANSWERS = 10;

    private final LongSupplier nanos;
    private final int min;
    private final int max;
    private final long slow;
    private final AtomicInteger limit;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicInteger slowAnswers = new AtomicInteger();
    private final AtomicLong windowEnd;

    @Inject
    ConcurrencyLimit(LimitSettings settings) {
        this(settings.concurrency(), System::nanoTime);
    }

    /**
     * @param nanos the time, as {@link System#nanoTime} gives it
     * @throws IllegalArgumentException that says which setting is wrong, and why
     */
    ConcurrencyLimit(LimitSettings.Concurrency settings, LongSupplier nanos) {
        check(settings);
        this.nanos = nanos;
        this.min = settings.min();
        this.max = settings.max();
        this.slow = settings.slow().toNanos();
        this.limit = new AtomicInteger(max);
        this.windowEnd = new AtomicLong(nanos.getAsLong() + WINDOW.toNanos());
    }

    private static void check(LimitSettings.Concurrency settings) {
        if (settings.min() < 2 || settings.max() < settings.min()) {
            throw new IllegalArgumentException(
                    "carillon.limits.concurrency.min (%d) must be 2 or more, and carillon.limits.concurrency.max (%d) not less than it"
                            .formatted(settings.min(), settings.max()));
        }
        if (!settings.slow().isPositive()) {
            throw new IllegalArgumentException("carillon.limits.concurrency.slow must be above 0");
        }
    }

    /** A request that was let in. */
    public final class Passage {
        private final long since;
        private boolean telling;
        private boolean over;

        private Passage(long since, boolean telling) {
            this.since = since;
            this.telling = telling;
        }

        /** It turns out to wait for others: from here on it is counted among its like, and how long it takes does not tell how busy this instance is. */
        synchronized void awaitOthers() {
            if (!over && telling) {
                telling = false;
                waiting.incrementAndGet();
                inFlight.decrementAndGet();
            }
        }

        /** Its answer begins, or nobody waits for it any more. May come several times, from any thread; the first counts. */
        public synchronized void end() {
            if (!over) {
                over = true;
                counted(telling).decrementAndGet();
                if (telling) {
                    learn(since);
                }
            }
        }
    }

    /**
     * Lets a request in, or answers null: as much is in flight already as may be for one of its priority.
     *
     * @param telling whether how long it takes tells how busy this instance is; one that waits for others tells nothing, and is counted among its like
     */
    public @Nullable Passage enter(Priority priority, boolean telling) {
        var others = counted(telling);
        if (others.incrementAndGet() > priority.shareOf(limit.get())) {
            others.decrementAndGet();
            return null;
        }
        return new Passage(nanos.getAsLong(), telling);
    }

    private AtomicInteger counted(boolean telling) {
        return telling ? inFlight : waiting;
    }

    private void learn(long since) {
        long now = nanos.getAsLong();
        if (now - since > slow) {
            slowAnswers.incrementAndGet();
        }
        int all = answers.incrementAndGet();
        long end = windowEnd.get();
        if (all >= LEAST_ANSWERS && now - end >= 0 && windowEnd.compareAndSet(end, now + WINDOW.toNanos())) {
            judge(now - end + WINDOW.toNanos());
        }
    }

    /** By the one that ended the window. An answer that is counted in between is of the next one. */
    private void judge(long windowNanos) {
        int slowOnes = slowAnswers.getAndSet(0);
        int all = answers.getAndSet(0);
        if (slowOnes > all / 2) {
            int answeredInTime = (int) Math.min(max, (double) all / windowNanos * slow);
            limit.updateAndGet(now -> Math.max(min, fallen(now, answeredInTime)));
        } else {
            limit.updateAndGet(now -> Math.min(max, now + Math.max(1, max / 100)));
        }
    }

    private static int fallen(int from, int towards) {
        return Math.clamp(towards, from / 2, from - Math.max(1, from / 10));
    }

    /** Whether nothing that this instance answers by itself would be let in now, whatever its priority. */
    boolean isFull() {
        return inFlight.get() >= limit.get();
    }

    public int limit() {
        return limit.get();
    }

    /** Without those that wait for others. */
    public int inFlight() {
        return inFlight.get();
    }

    /** Those that wait for others. */
    public int waiting() {
        return waiting.get();
    }
}
