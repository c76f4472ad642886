package dev.carillon.kit.testing.history;

import java.time.Duration;

/**
 * Which repeats a fault excuses: one of each event that was in flight then, and another for each {@code again} that the fault lasted.
 *
 * @param settled an event that was acknowledged longer ago than this was not in flight any more
 * @param again how often a relay may try again while a fault lasts
 */
public record Excuses(Duration settled, Duration again) {
    long repeats(Fault fault) {
        return 1 + fault.lasted().dividedBy(again);
    }
}
