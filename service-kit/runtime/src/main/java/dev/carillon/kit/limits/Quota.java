package dev.carillon.kit.limits;

/**
 * How much one may ask.
 *
 * @param rate requests a second, in the long run
 * @param burst requests at once, after a pause
 */
public record Quota(double rate, int burst) {
    private static final double NANOS = 1e9;

    /** In nanoseconds, until one more request is granted. */
    long interval() {
        return Math.max(1, Math.round(NANOS / rate));
    }

    /** In nanoseconds, until all of the burst is granted again. */
    long window() {
        return interval() * burst;
    }
}
