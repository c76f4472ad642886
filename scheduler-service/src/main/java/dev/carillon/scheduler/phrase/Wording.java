package dev.carillon.scheduler.phrase;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Says what was understood, in words that have one meaning. */
final class Wording {
    private Wording() {}

    /** Friday, 27 November 2026 at 09:00. */
    static String of(LocalDateTime local) {
        var date = local.toLocalDate();
        return Words.name(date.getDayOfWeek()) + ", " + date.getDayOfMonth() + " " + Words.name(date.getMonth()) + " "
                + date.getYear() + " at " + local.toLocalTime();
    }

    static String of(LocalDateTime local, ZoneId zone, ZoneOffset offset) {
        return of(local) + " (" + (zone.equals(offset) ? "" : zone + ", ") + "UTC"
                + (offset.getTotalSeconds() == 0 ? "" : offset) + ")";
    }

    static String of(Rule rule, List<LocalTime> times, LocalDateTime first, ZoneId zone, String end) {
        var at = rule.isWithinDays()
                ? ""
                : times.stream().map(LocalTime::toString).collect(Collectors.joining(" and ", " at ", ""));
        return every(rule) + days(rule) + at + " (" + zone + ")" + end + ", first on " + of(first);
    }

    private static String every(Rule rule) {
        var unit = rule.frequency().unit();
        if (rule.onTheHour()) {
            return "every full hour";
        }
        return rule.interval() == 1 ? "every " + unit : "every " + rule.interval() + " " + unit + "s";
    }

    private static String days(Rule rule) {
        return switch (rule.frequency()) {
            case MINUTELY, HOURLY, DAILY -> "";
            case WEEKLY -> " on " + rule.weekdays().stream().map(Words::name).collect(Collectors.joining(", "));
            case MONTHLY ->
                " on the " + rule.places().stream().map(Wording::place).collect(Collectors.joining(", "));
            case YEARLY ->
                " on " + rule.places().stream().map(Wording::place).collect(Collectors.joining(", ")) + " "
                        + Words.name(Objects.requireNonNull(rule.month()));
        };
    }

    private static String place(Place place) {
        return switch (place) {
            case Place.Number(int day) -> Integer.toString(day) + ".";
            case Place.Last() -> "last day";
            case Place.Nth(int nth, DayOfWeek day) -> (nth < 0 ? "last" : nth + ".") + " " + Words.name(day);
        };
    }
}
