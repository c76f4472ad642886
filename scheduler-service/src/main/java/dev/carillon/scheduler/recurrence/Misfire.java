package dev.carillon.scheduler.recurrence;

import java.time.Duration;

/** What becomes of occurrences that nobody was there to fire, such as in an outage of the scheduler. */
public sealed interface Misfire {
    /** One message, due at once, for all that were missed. */
    record FireOnce() implements Misfire {}

    /** Nothing. */
    record Skip() implements Misfire {}

    /** A message for each that was missed no longer ago than {@code window}, in their order, each with its own instant. */
    record CatchUp(Duration window) implements Misfire {}

    /** The name that clients and rows see. */
    default String wireName() {
        return switch (this) {
            case FireOnce() -> "fire-once";
            case Skip() -> "skip";
            case CatchUp(Duration _) -> "catch-up";
        };
    }
}
