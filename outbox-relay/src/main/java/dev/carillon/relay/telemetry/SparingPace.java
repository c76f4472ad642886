package dev.carillon.relay.telemetry;

import java.time.Duration;

/**
 * When costly work may be done again: one at a time, and after each a pause of a hundred times as long as it took, and no shorter than the least. So less than
 * a hundredth of the time goes to it, however slow it is, and whether it succeeds or fails.
 */
final class SparingPace {
    private static final int PAUSE_TIMES = 100;

    private final long leastNanos;
    private boolean working;
    private long beganNanos;
    private long dueNanos;

    /** Due at once. */
    SparingPace(Duration leastPause, long nowNanos) {
        this.leastNanos = leastPause.toNanos();
        this.dueNanos = nowNanos;
    }

    /** Whether the work may be done now. Who is told so does it, and calls {@link #ended} afterwards, whatever came of it. */
    synchronized boolean begin(long nowNanos) {
        if (working || nowNanos - dueNanos < 0) {
            return false;
        }
        working = true;
        beganNanos = nowNanos;
        return true;
    }

    /** Answers when it is due again. */
    synchronized long ended(long nowNanos) {
        working = false;
        dueNanos = nowNanos + Math.max(leastNanos, PAUSE_TIMES * (nowNanos - beganNanos));
        return dueNanos;
    }
}
