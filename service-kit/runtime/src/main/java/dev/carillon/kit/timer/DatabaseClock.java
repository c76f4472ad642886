package dev.carillon.kit.timer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * The database's clock as seen from here: a monotonic local clock plus the largest offset that the samples prove. It never runs ahead of the
 * database (by more than the drift since the last samples), so that waiting for it never fires early; it lags by at most a round trip. A database whose
 * clock is set back is followed with the next sample.
 */
public final class DatabaseClock implements InstantSource {
    private static final int KEPT = 16;

    /** The database tells whole microseconds. */
    private static final long PRECISION_NANOS = 1_000;

    private final Instant base = Instant.now();
    private final long baseNanos = System.nanoTime();
    private final long[] offsets = new long[KEPT];
    private int samples;
    private volatile long offsetNanos;

    /**
     * @param read what the database said
     * @param sentNanos {@link System#nanoTime()} before it was asked: the reading was taken after
     * @param receivedNanos when its answer was here: the reading was taken before
     */
    public synchronized void sample(Instant read, long sentNanos, long receivedNanos) {
        if (offset(read, sentNanos) + PRECISION_NANOS < offsetNanos) {
            // Set back since, by hand or by a standby's taking over: what was read before proves nothing any more.
            samples = 0;
        }
        offsets[samples++ % KEPT] = offset(read, receivedNanos);
        long best = Long.MIN_VALUE;
        for (int i = 0; i < Math.min(samples, KEPT); i++) {
            best = Math.max(best, offsets[i]);
        }
        offsetNanos = best;
    }

    private long offset(Instant read, long atNanos) {
        return local(atNanos).until(read, ChronoUnit.NANOS);
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
