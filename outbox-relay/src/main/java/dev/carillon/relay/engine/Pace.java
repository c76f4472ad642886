package dev.carillon.relay.engine;

import java.time.Duration;

/**
 * When the next read is due: at once while reads come back full, soon while they find something, then ever later. A hint makes it due, but no sooner after
 * a read that was not full: a small read costs nearly what a large one does, and under a steady load there is a hint for every few events.
 */
final class Pace {
    private final long busyNanos;
    private final long idleNanos;
    private long pauseNanos;
    private long dueNanos;
    private long soonestNanos;

    Pace(Duration busy, Duration idle, long nowNanos) {
        this.busyNanos = busy.toNanos();
        this.idleNanos = idle.toNanos();
        this.pauseNanos = busyNanos;
        this.dueNanos = nowNanos;
        this.soonestNanos = nowNanos;
    }

    void found(int events, boolean full, long nowNanos) {
        pauseNanos = events > 0 ? busyNanos : Math.min(idleNanos, pauseNanos * 2);
        soonestNanos = events == 0 || full ? nowNanos : nowNanos + busyNanos;
        dueNanos = full ? nowNanos : nowNanos + pauseNanos;
    }

    void hint(long nowNanos) {
        dueNanos = soonestNanos - nowNanos > 0 ? soonestNanos : nowNanos;
    }

    void waitFor(Duration pause, long nowNanos) {
        dueNanos = nowNanos + pause.toNanos();
    }

    long nanosLeft(long nowNanos) {
        return dueNanos - nowNanos;
    }
}
