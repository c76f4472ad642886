package dev.carillon.delivery.channel.http;

import dev.carillon.delivery.channel.Outbound;
import java.time.Duration;

/**
 * What time a call has, by a clock that nobody sets.
 *
 * @param startNanos {@link System#nanoTime()} when it began
 * @param timeout for all of it, up to the end of the answer
 * @param toWrite within which its request has to be written, or never is
 */
public record CallTime(long startNanos, Duration timeout, Duration toWrite) {

    /** As a part of the call's time. */
    private static final int LEAST_TIME_FOR_AN_ANSWER = 10;

    private static final int NANOS_OF_MILLI = 1_000_000;

    /**
     * Of a call that begins now. It may be written until {@link Outbound#sendBefore()}, and not when nearly all of its time has gone: no answer
     * could come, and the other side might act on it.
     */
    public static CallTime of(Outbound outbound) {
        Duration timeout = outbound.timeout();
        Duration answerable = timeout.minus(timeout.dividedBy(LEAST_TIME_FOR_AN_ANSWER));
        Duration sendBefore = outbound.sendBefore();
        return new CallTime(System.nanoTime(), timeout, sendBefore.compareTo(answerable) < 0 ? sendBefore : answerable);
    }

    /** Whether its request may still be written. */
    public boolean isWritable() {
        return nanosLeftOf(toWrite) > 0;
    }

    /** For a timer that fires when nothing may be written any more, and never before. */
    public long millisToWrite() {
        return millis(nanosLeftOf(toWrite));
    }

    /** For a timer that fires when the call is over, and never before. */
    public long millisLeft() {
        return millis(nanosLeftOf(timeout));
    }

    private long nanosLeftOf(Duration time) {
        return startNanos + time.toNanos() - System.nanoTime();
    }

    private static long millis(long nanos) {
        return Math.max(1, Math.ceilDiv(nanos, NANOS_OF_MILLI));
    }
}
