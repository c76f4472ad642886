package dev.carillon.kit.testing.history;

import java.time.Duration;
import java.time.Instant;

/**
 * Something that was done to the relays, the broker or the database, and may therefore excuse repeats.
 *
 * @param until when what it took away was back
 */
public record Fault(String what, Instant from, Instant until) {
    /** @param reach how long before and after it still shows */
    boolean touches(Instant delivery, Duration reach) {
        return !delivery.isBefore(from.minus(reach)) && !delivery.isAfter(until.plus(reach));
    }

    Duration lasted() {
        return Duration.between(from, until);
    }
}
