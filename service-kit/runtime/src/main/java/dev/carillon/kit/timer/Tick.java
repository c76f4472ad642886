package dev.carillon.kit.timer;

import java.time.Duration;
import java.time.Instant;

/**
 * A length of time within which timers are fired together, in one transaction. Who arms timers that may as well fire a moment later arms them to the
 * {@linkplain #endOf end} of the tick that they fall into.
 *
 * @param length in whole milliseconds; with zero nothing is moved
 */
public record Tick(Duration length) {

    /** The first end of a tick that is not before {@code instant}, less than {@code length} later. */
    public Instant endOf(Instant instant) {
        long tick = length.toMillis();
        if (tick == 0) {
            return instant;
        }
        long millis = instant.toEpochMilli();
        boolean whole = instant.equals(Instant.ofEpochMilli(millis));
        long begun = Math.floorMod(millis, tick);
        return whole && begun == 0 ? instant : Instant.ofEpochMilli(millis - begun + tick);
    }
}
