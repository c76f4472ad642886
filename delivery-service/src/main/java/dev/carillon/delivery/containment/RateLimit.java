package dev.carillon.delivery.containment;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** At most so many calls in any stretch of time of a length, and none while whoever is called wants to be left alone. Not thread-safe. */
public final class RateLimit {
    /** @param calls how many, in any {@code per} */
    public record Rate(int calls, Duration per) {
        public Rate {
            if (calls < 1 || !per.isPositive()) {
                throw new IllegalArgumentException("a rate is of at least one call in a time above zero");
            }
        }

        /** This process's share of it, of so many alike. */
        public Rate sharedBy(int instances) {
            return calls >= instances
                    ? new Rate(calls / instances, per)
                    : new Rate(1, per.multipliedBy(instances).dividedBy(calls));
        }

        Duration interval() {
            return per.dividedBy(calls);
        }
    }

    private static final Duration UNLIMITED = Duration.ofMillis(1);

    private final @Nullable Rate rate;
    // The instants of the latest calls, as many as the rate has, the oldest at "oldest".
    private final Instant[] latest;
    private int oldest;
    private Instant newest = Instant.MIN;
    private Instant pausedUntil = Instant.MIN;

    /** @param rate null for one that only pauses */
    RateLimit(@Nullable Rate rate) {
        this.rate = rate;
        this.latest = new Instant[rate == null ? 0 : rate.calls];
        Arrays.fill(latest, Instant.MIN);
    }

    public @Nullable Rate rate() {
        return rate;
    }

    /** Until when nothing goes out because its receiver has asked for it, if that is still to come. */
    public @Nullable Instant pausedUntil(Instant now) {
        return pausedUntil.isAfter(now) ? pausedUntil : null;
    }

    /** How many calls could begin now. */
    public int left(Instant now) {
        if (rate == null || pausedUntil.isAfter(now)) {
            return 0;
        }
        var since = now.minus(rate.per);
        return (int) Arrays.stream(latest).filter(one -> !one.isAfter(since)).count();
    }

    /** When a call may begin that is to begin at {@code wanted}: then, or later. */
    Instant earliest(Instant wanted) {
        var allowed = pausedUntil.isAfter(wanted) ? pausedUntil : wanted;
        if (rate == null || latest[oldest].equals(Instant.MIN)) {
            return allowed;
        }
        var free = latest[oldest].plus(rate.per);
        return free.isAfter(allowed) ? free : allowed;
    }

    /** A call begins at {@code instant}, which must be allowed. Counted in the order of taking, so never before another one that was taken before. */
    void take(Instant instant) {
        if (rate == null) {
            return;
        }
        newest = instant.isAfter(newest) ? instant : newest;
        latest[oldest] = newest;
        oldest = (oldest + 1) % latest.length;
    }

    /** A longer pause that was asked for before stays. */
    void pause(Instant until) {
        pausedUntil = until.isAfter(pausedUntil) ? until : pausedUntil;
    }

    /** How far apart those come back that wait. */
    Duration interval() {
        return rate == null ? UNLIMITED : rate.interval();
    }

    /** Whether forgetting it would change nothing. */
    boolean isIdle(Instant now) {
        return !pausedUntil.isAfter(now) && (rate == null || !newest.isAfter(now.minus(rate.per)));
    }
}
