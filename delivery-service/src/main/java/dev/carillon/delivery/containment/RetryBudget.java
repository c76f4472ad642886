package dev.carillon.delivery.containment;

import java.time.Duration;
import java.time.Instant;

/**
 * How many retries a group of destinations can afford: a share of its first attempts, and a few a second in any case. First attempts are never held
 * back by it; so whatever fails, the load on it grows by no more than that share. Not thread-safe.
 */
public final class RetryBudget {
    /**
     * @param ratio what each first attempt adds
     * @param floorPerSecond what each second adds
     * @param most what is kept at most
     */
    public record Limits(double ratio, double floorPerSecond, double most) {
        /** @throws IllegalArgumentException for one that would let a retry wait for ever */
        public Limits {
            if (ratio < 0 || floorPerSecond <= 0 || most < 1) {
                throw new IllegalArgumentException(
                        "a retry budget has a ratio that is not below zero, a floor above zero, and keeps at least one");
            }
        }
    }

    private static final int AT_FIRST = 10;
    private static final Duration WINDOW = Duration.ofSeconds(10);

    private final Limits limits;
    private final SlidingCounts firstAttempts = new SlidingCounts(WINDOW);
    private double left;
    private Instant asOf;

    RetryBudget(Limits limits, Instant now) {
        this.limits = limits;
        this.left = Math.min(AT_FIRST, limits.most);
        this.asOf = now;
    }

    public Limits limits() {
        return limits;
    }

    /** How many retries could begin now. */
    public double left(Instant now) {
        if (now.isAfter(asOf)) {
            add(Duration.between(asOf, now).toNanos() / 1e9 * limits.floorPerSecond);
            asOf = now;
        }
        return left;
    }

    boolean allows(Instant now) {
        return left(now) >= 1;
    }

    void firstAttempt(Instant now) {
        firstAttempts.add(now, false, false);
        add(limits.ratio);
    }

    void retry(Instant now) {
        left = left(now) - 1;
    }

    /** An attempt that was counted is not made after all. */
    void undo(boolean retry) {
        add(retry ? 1 : -limits.ratio);
    }

    /** How far apart it lets retries begin, as first attempts go now. */
    Duration interval(Instant now) {
        double perSecond =
                limits.floorPerSecond + limits.ratio * firstAttempts.sum(now).calls() / WINDOW.toSeconds();
        return Duration.ofNanos(Math.max(1, Math.round(1e9 / perSecond)));
    }

    boolean isIdle(Instant now) {
        return left(now) >= Math.min(AT_FIRST, limits.most);
    }

    private void add(double more) {
        left = Math.min(limits.most, left + more);
    }
}
