package dev.carillon.relay.engine;

import java.time.Duration;

/** When the next read is due: at once while reads come back full, soon while they find something, then ever later; a hint makes it due. */
final class Pace {
    private final long busyNanos;
    private final long idleNanos;
    private long pauseNanos;
    private long dueNanos;

    Pace(Duration busy, Duration idle, long nowNanos) {
        this.busyNanos = busy.toNanos();
        this.idleNanos = idle.toNanos();
        this.pauseNanos = busyNanos;
        this.dueNanos = nowNanos;
    }

    void found(int events, boolean full, long nowNanos) {
        pauseNanos = events > 0 ? busyNanos : Math.min(idleNanos, pauseNanos * 2);
        dueNanos = full ? nowNanos : nowNanos + pauseNanos;
    }

    void hint(long nowNanos) {
        dueNanos = nowNanos;
    }

    void waitFor(Duration pause, long nowNanos) {
        dueNanos = nowNanos + pause.toNanos();
    }

    long nanosLeft(long nowNanos) {
        return dueNanos - nowNanos;
    }
}
