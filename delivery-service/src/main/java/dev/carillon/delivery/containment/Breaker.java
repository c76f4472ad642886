package dev.carillon.delivery.containment;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Stops calls to whom calls fail, and finds out with a few whether they work again.
 *
 * <pre>
 *             too many failures, or slow calls, of the last ones
 *   CLOSED ────────────────────────────────────────────────────────> OPEN <──────┐
 *      ▲                                                               │ its time│a probe fails:
 *      │                                                               ▼ is over │open for longer
 *      └───────────────────────── a probe succeeds ─────────────── HALF_OPEN ────┘
 * </pre>
 *
 * <p>Only calls that began in the present state count: what was under way when it opened neither opens it again nor closes it. Not thread-safe.
 */
public final class Breaker {
    /** Whether calls may begin. */
    public enum State {
        CLOSED,
        OPEN,
        HALF_OPEN;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * When it opens and for how long.
     *
     * @param window over which calls are counted
     * @param leastCalls how many there must be in it
     * @param failureRate the share of failures from which on it opens; above 1 it never does
     * @param slowCall from which length on a call is slow
     * @param slowRate the share of slow calls from which on it opens; above 1 it never does
     * @param firstOpen how long it is open at first, doubled each time up to {@code longestOpen}; closed for longer than that, it begins anew
     * @param probes how many calls at once find out, once that is over
     */
    public record Limits(
            Duration window,
            int leastCalls,
            double failureRate,
            Duration slowCall,
            double slowRate,
            Duration firstOpen,
            Duration longestOpen,
            int probes) {
        /** @throws IllegalArgumentException for what would never open, or never close */
        public Limits {
            if (!window.isPositive() || !slowCall.isPositive() || leastCalls < 1 || failureRate <= 0 || slowRate <= 0) {
                throw new IllegalArgumentException(
                        "a breaker needs a window, a slow call, at least one call and rates above zero");
            }
            if (!firstOpen.isPositive() || longestOpen.compareTo(firstOpen) < 0 || probes < 1) {
                throw new IllegalArgumentException(
                        "a breaker opens for a time above zero, no longer than its longest, and closes by at least one probe");
            }
        }
    }

    /** How a call ended, as far as that speaks for or against whom was called. */
    public enum Verdict {
        GOOD,
        BAD,
        /** It says nothing about that. */
        NONE
    }

    // A probe tells within the time of a call, mostly much sooner; meanwhile the others only need a time to ask again.
    private static final Duration PROBING = Duration.ofSeconds(1);
    private static final double LARGEST_JITTER = 0.2;

    private final Limits limits;
    private final DoubleSupplier random;
    private final SlidingCounts counts;
    private State state = State.CLOSED;
    private Instant since;
    private Instant openUntil = Instant.MIN;
    private Duration openFor = Duration.ZERO;
    private @Nullable Instant lastClosedAt;
    private SlidingCounts.Sum opened = new SlidingCounts.Sum(0, 0, 0);
    private int age;
    private int probing;

    /** @param random from 0 to 1, so that instances that opened together do not probe together */
    Breaker(Limits limits, Instant now, DoubleSupplier random) {
        this.limits = limits;
        this.random = random;
        this.counts = new SlidingCounts(limits.window);
        this.since = now;
    }

    public State state() {
        return state;
    }

    public Instant since() {
        return since;
    }

    /** Until when it is open, if it is. */
    public @Nullable Instant openUntil() {
        return state == State.OPEN ? openUntil : null;
    }

    /** Of the calls in the window; while it is not closed, of those that opened it. */
    public double failureRate(Instant now) {
        return state == State.CLOSED ? counts.sum(now).failureRate() : opened.failureRate();
    }

    public double slowRate(Instant now) {
        return state == State.CLOSED ? counts.sum(now).slowRate() : opened.slowRate();
    }

    /** Null when a call may begin, otherwise when to ask again. */
    @Nullable Instant refusesUntil(Instant now) {
        return switch (state) {
            case CLOSED -> null;
            case OPEN -> openUntil.isAfter(now) ? openUntil : null;
            case HALF_OPEN -> probing < limits.probes ? null : now.plus(PROBING);
        };
    }

    /** Over how long those come back that it kept waiting; all at once would be the next burst that it fails at. */
    Duration spread() {
        return openFor.dividedBy(2);
    }

    Limits limits() {
        return limits;
    }

    /** A call begins, which must be allowed. Returns what {@link #ended} wants to be told. */
    int begins(Instant now) {
        if (state == State.OPEN) {
            change(State.HALF_OPEN, now);
        }
        if (state == State.HALF_OPEN) {
            probing++;
        }
        return age;
    }

    /** Whether a call is of the present state: if it is not, its end says nothing any more. */
    boolean counts(int begun) {
        return begun == age;
    }

    /**
     * @param begun what {@link #begins} returned
     * @param took what the call itself took, without waiting here
     */
    void ended(int begun, Verdict verdict, Duration took, Instant now) {
        if (!counts(begun)) {
            return;
        }
        boolean slow = took.compareTo(limits.slowCall) >= 0;
        switch (state) {
            case CLOSED -> count(verdict, slow, now);
            case HALF_OPEN -> probed(verdict, slow, now);
            case OPEN -> throw new IllegalStateException("no call begins in an open breaker");
        }
    }

    /** Whether forgetting it would change nothing. */
    boolean isIdle(Instant now) {
        return state == State.CLOSED && counts.sum(now).failures() == 0;
    }

    private void count(Verdict verdict, boolean slow, Instant now) {
        if (verdict == Verdict.NONE) {
            return;
        }
        counts.add(now, verdict == Verdict.BAD, slow);
        var sum = counts.sum(now);
        if (sum.calls() >= limits.leastCalls
                && (sum.failureRate() >= limits.failureRate || sum.slowRate() >= limits.slowRate)) {
            opened = sum;
            open(now);
        }
    }

    private void probed(Verdict verdict, boolean slow, Instant now) {
        probing--;
        if (verdict == Verdict.BAD || verdict == Verdict.GOOD && slow) {
            open(now);
        } else if (verdict == Verdict.GOOD) {
            lastClosedAt = now;
            counts.clear();
            change(State.CLOSED, now);
        }
    }

    private void open(Instant now) {
        boolean again =
                state == State.HALF_OPEN || lastClosedAt != null && now.isBefore(lastClosedAt.plus(limits.longestOpen));
        var doubled = openFor.multipliedBy(2);
        openFor = !again ? limits.firstOpen : doubled.compareTo(limits.longestOpen) < 0 ? doubled : limits.longestOpen;
        var early = Duration.ofMillis(Math.round(openFor.toMillis() * LARGEST_JITTER * random.getAsDouble()));
        openUntil = now.plus(openFor).minus(early);
        change(State.OPEN, now);
    }

    private void change(State next, Instant now) {
        since = now;
        state = next;
        probing = 0;
        age++;
    }
}
