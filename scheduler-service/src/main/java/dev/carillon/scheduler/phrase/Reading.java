package dev.carillon.scheduler.phrase;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;

/** One thing that a phrase can mean. */
public sealed interface Reading {
    /** The meaning in words, unmistakable. */
    String words();

    /** What was decided beyond what was said, such as a time of day that was not given. */
    List<String> notes();

    /**
     * One instant.
     *
     * @param local what the clocks of {@code zone} show at it
     */
    record Moment(Instant at, LocalDateTime local, ZoneId zone, String words, List<String> notes) implements Reading {
        /** A local time; what was taken in a gap or an overlap of the clocks is noted. */
        public static Moment of(LocalDateTime local, ZoneId zone) {
            return of(local, zone, List.of());
        }

        public static Moment of(Instant at, ZoneId zone) {
            return of(at.atZone(zone), List.of());
        }

        static Moment of(LocalDateTime local, ZoneId zone, List<String> notes) {
            var all = new ArrayList<>(notes);
            ClockChanges.note(local, zone, all);
            return of(local.atZone(zone), List.copyOf(all));
        }

        private static Moment of(ZonedDateTime at, List<String> notes) {
            var local = at.toLocalDateTime();
            return new Moment(
                    at.toInstant(), local, at.getZone(), Wording.of(local, at.getZone(), at.getOffset()), notes);
        }
    }

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
