package dev.carillon.relay.engine;

import java.time.Duration;

/**
 * When the next read is due: at once while reads come back full, soon after one that found something, then ever later. What somebody waits for is told by a
 * hint, which makes a read due, but for a rest as long as the read before it took, and no shorter than the least rest. So reads that are not full take half
 * of the time at most, where they are slow each finds more, and what can wait goes together. What a hint tells of that comes during a read may not be in it.
 */
final class Pace {
    private static final int LATER = 10;

    private final long restNanos;
    private final long busyNanos;
    private final long idleNanos;
    private long pauseNanos;
    private long beganNanos;
    private long restedNanos;
    private long dueNanos;
    private boolean hinted;

    Pace(Duration rest, Duration busy, Duration idle, long nowNanos) {
        this.restNanos = rest.toNanos();
        this.busyNanos = busy.toNanos();
        this.idleNanos = idle.toNanos();
        this.pauseNanos = busyNanos;
        this.beganNanos = nowNanos;
        this.restedNanos = nowNanos;
        this.dueNanos = nowNanos;
    }

    void began(long nowNanos) {
        beganNanos = nowNanos;
        hinted = false;
    }

    void found(int events, boolean full, long nowNanos) {
        pauseNanos = events > 0 ? busyNanos : Math.min(idleNanos, pauseNanos * LATER);
        long rest = Math.clamp(nowNanos - beganNanos, restNanos, idleNanos);
        restedNanos = full ? nowNanos : nowNanos + rest;
        dueNanos = full || hinted ? restedNanos : nowNanos + Math.max(rest, pauseNanos);
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
