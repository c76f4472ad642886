package dev.carillon.relay.engine;

import java.time.Duration;

/**
 * When the next read is due: at once after one that came back full; after a rest when one left something, or a hint tells of more; else after the idle pause.
 * A rest is as long as the read before it took, and no shorter than the least rest. So reads that are not full take half of the time at most, where they
 * are slow each finds more, and what can wait goes together. What a hint tells of that comes during a read may not be in it.
 */
final class Pace {
    /** A read that takes longer is not rested from for longer: it has fallen behind. */
    private static final long LONGEST_REST_NANOS = Duration.ofMillis(200).toNanos();

    private final long restNanos;
    private final long idleNanos;
    private long beganNanos;
    private long restedNanos;
    private long dueNanos;
    private boolean hinted;

    Pace(Duration rest, Duration idle, long nowNanos) {
        this.restNanos = rest.toNanos();
        this.idleNanos = idle.toNanos();
        this.beganNanos = nowNanos;
        this.restedNanos = nowNanos;
        this.dueNanos = nowNanos;
    }

    void began(long nowNanos) {
        beganNanos = nowNanos;
        hinted = false;
    }

    void ended(boolean full, boolean more, long nowNanos) {
        long rest = Math.clamp(nowNanos - beganNanos, restNanos, Math.max(restNanos, LONGEST_REST_NANOS));
        restedNanos = full ? nowNanos : nowNanos + rest;
        dueNanos = full || more || hinted ? restedNanos : nowNanos + Math.max(rest, idleNanos);
    }

    void hint(long nowNanos) {
        hinted = true;
        dueNanos = nowNanos - restedNanos >= 0 ? nowNanos : restedNanos;
    }

    void waitFor(Duration pause, long nowNanos) {
        dueNanos = nowNanos + pause.toNanos();
    }

    long nanosLeft(long nowNanos) {
        return dueNanos - nowNanos;
    }
}
