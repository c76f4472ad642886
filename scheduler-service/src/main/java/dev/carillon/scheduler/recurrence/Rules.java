package dev.carillon.scheduler.recurrence;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** Gives rules their meaning. What was understood once is understood ever after. */
public interface Rules {
    /** @param start the first local time that counts; what an RRULE takes as its DTSTART */
    Reading read(Rule rule, LocalDateTime start, ZoneId zone);

    /** What a rule comes to. */
    sealed interface Reading {
        /**
         * @param count how many occurrences the rule itself allows
         * @param until the last instant at which the rule itself allows one
         */
        record Understood(
                LocalTimes times,
                @Nullable Integer count,
                @Nullable Instant until) implements Reading {}

        record NotUnderstood(String why) implements Reading {}

        /** More often than once a minute. */
        record TooFrequent(String why) implements Reading {}
    }
}
