package dev.carillon.scheduler.message;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneRulesProvider;

/** The ways to say when. */
public sealed interface Schedule {
    /** How far ahead a message can be scheduled. */
    Duration HORIZON = Duration.ofDays(50 * 365);

    record At(Instant instant, ZoneId zone) implements Schedule {}

    /** A wall-clock time. In a gap it is shifted forward by the gap's length; in an overlap the first of both is meant. */
    record AtLocal(LocalDateTime local, ZoneId zone) implements Schedule {}

    /** From now: first the calendar part in {@code zone}, then the exact part. */
    record In(Period period, Duration duration, ZoneId zone) implements Schedule {}

    record Now(ZoneId zone) implements Schedule {}

    /** What a schedule comes to. */
    sealed interface Resolution {
        record Resolved(Timing timing) implements Resolution {}

        record InThePast(Instant dueAt) implements Resolution {}

        record TooFar() implements Resolution {}
    }

    /** @param now the moment that the schedule was said */
    default Resolution resolve(Instant now) {
        ZonedDateTime due;
        try {
            due = switch (this) {
                case At(Instant instant, ZoneId zone) -> instant.atZone(zone);
                case AtLocal(LocalDateTime local, ZoneId zone) -> local.atZone(zone);
                case In(Period period, Duration duration, ZoneId zone) ->
                    now.atZone(zone).plus(period).plus(duration);
                case Now(ZoneId zone) -> now.atZone(zone);
            };
        } catch (ArithmeticException | DateTimeException outOfRange) {
            return new Resolution.TooFar();
        }
        due = due.truncatedTo(ChronoUnit.MICROS);
        if (due.toInstant().isAfter(now.plus(HORIZON))) {
            return new Resolution.TooFar();
        }
        if (due.toInstant().isBefore(now.truncatedTo(ChronoUnit.MICROS))) {
            return new Resolution.InThePast(due.toInstant());
        }
        return new Resolution.Resolved(
                new Timing(due.toInstant(), due.toLocalDateTime(), due.getZone(), tzdbVersion()));
    }

    /** The version of the zone rules in force, such as 2026a. */
    private static String tzdbVersion() {
        return ZoneRulesProvider.getVersions("UTC").lastEntry().getKey();
    }
}
