package dev.carillon.kit.timer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * The database's clock as seen from here: a monotonic local clock plus the largest offset that the samples prove. It never runs ahead of the
 * database (by more than the drift since the last samples), so that waiting for it never fires early; it lags by at most a round trip.
 */
public final class DatabaseClock implements InstantSource {
    private static final int KEPT = 16;

    private final Instant base = Instant.now();
    private final long baseNanos = System.nanoTime();
    private final long[] offsets = new long[KEPT];
    private int samples;
    private volatile long offsetNanos;

    /**
     * @param read what the database said
     * @param receivedNanos {@link System#nanoTime()} when its answer was here: the reading was taken before
     */
    public synchronized void sample(Instant read, long receivedNanos) {
        offsets[samples++ % KEPT] = local(receivedNanos).until(read, ChronoUnit.NANOS);
        long best = Long.MIN_VALUE;
        for (int i = 0; i < Math.min(samples, KEPT); i++) {
            best = Math.max(best, offsets[i]);
        }
        offsetNanos = best;
    }

    @Override
    public Instant instant() {
        return local(System.nanoTime()).plusNanos(offsetNanos);
    }

    /** How far the database's clock is from this machine's wall clock; positive when the database is ahead. */
    public Duration skew() {
        return Duration.between(Instant.now(), instant());
    }

    private Instant local(long nanos) {
        return base.plusNanos(nanos - baseNanos);
    }
}
