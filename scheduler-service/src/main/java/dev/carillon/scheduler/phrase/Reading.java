package dev.carillon.scheduler.phrase;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;

/** One thing that a phrase can mean. */
public sealed interface Reading {
    /** The meaning in words, unmistakable. */
    String words();

    /**
     * One instant.
     *
     * @param local what the clocks of {@code zone} show at it
     * @param notes what was decided beyond what was said, such as a time of day that was not given
     */
    record Moment(Instant at, LocalDateTime local, ZoneId zone, String words, List<String> notes) implements Reading {}

    /**
     * Many instants.
     *
     * @param rrule the rule of RFC 5545 without its name, such as {@code FREQ=DAILY}; its DTSTART is {@code first}
     * @param first the first run after the reference, as the clocks of {@code zone} show it
     */
    record Recurrence(String rrule, LocalDateTime first, ZoneId zone, String words, List<String> notes)
            implements Reading {
        /** The first run; in a gap of the clocks shifted forward by its length, in an overlap the first of both. */
        public Instant firstAt() {
            return first.atZone(zone).toInstant();
        }
    }
}
