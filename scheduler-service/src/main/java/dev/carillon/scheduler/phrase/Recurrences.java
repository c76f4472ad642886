package dev.carillon.scheduler.phrase;

import dev.carillon.scheduler.phrase.Reading.Recurrence;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The recurrences that a phrase can mean in one zone. */
final class Recurrences {
    private static final DateTimeFormatter UTC = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT);

    /** A rule and the times of its days. */
    private record Timed(Rule rule, List<LocalTime> times) {}

    private final Draft draft;
    private final ZoneId zone;
    private final LocalDateTime now;

    Recurrences(Draft draft, ZoneId zone, Instant reference) {
        this.draft = draft;
        this.zone = zone;
        this.now = reference.truncatedTo(ChronoUnit.MICROS).atZone(zone).toLocalDateTime();
    }

    List<Recurrence> all() {
        var today = now.toLocalDate();
        var starts = draft.start == null ? List.of(today) : draft.start.dates(today);
        var found = new ArrayList<Recurrence>();
        for (var start : starts) {
            for (var timed : draft.rules.stream().flatMap(this::timed).toList()) {
                recurrences(timed, start).forEach(found::add);
            }
        }
        return found;
    }

    private Stream<Timed> timed(Rule rule) {
        if (draft.clocks.size() > 1) {
            return several(rule);
        }
        var timed = new LinkedHashSet<Timed>();
        for (var time : Times.of(draft.clock(), draft.part, false)) {
            var days = time.days() == 0 ? rule : midnight(rule);
            if (days == null) {
                // A reading that no rule can say is still one: the other is not the only one.
                return Stream.of();
            }
            timed.add(new Timed(days, List.of(time.time())));
        }
        return timed.stream();
    }

    /** Midnight of every day is one thing, whichever day it is counted to; 24:00 and the close of a day are not taken here. */
    private @Nullable Rule midnight(Rule rule) {
        var clock = draft.clock();
        return clock != null && clock.form() == Clock.Form.MIDNIGHT ? rule.dayLater() : null;
    }

    /** Several times a day can be said as one rule only if they have their minutes in common. */
    private Stream<Timed> several(Rule rule) {
        var times = draft.clocks.stream()
                .map(clock -> Times.of(clock, draft.part, false))
                .toList();
        if (times.stream().anyMatch(one -> one.size() != 1 || one.getFirst().days() != 0)) {
            return Stream.of();
        }
        var sorted = times.stream()
                .map(one -> one.getFirst().time())
                .sorted()
                .distinct()
                .toList();
        long minutes = sorted.stream().map(time -> time.withHour(0)).distinct().count();
        return minutes == 1 ? Stream.of(new Timed(rule, sorted)) : Stream.of();
    }

    private Stream<Recurrence> recurrences(Timed timed, LocalDate start) {
        var first = timed.rule.isWithinDays() ? firstWithinDays(timed, start) : first(timed, start);
        if (first == null) {
            return Stream.of();
        }
        if (draft.until == null) {
            return Stream.ofNullable(recurrence(timed, first, null));
        }
        return draft.until.dates(now.toLocalDate()).stream()
                .filter(until -> !until.isBefore(first.toLocalDate()))
                .flatMap(until -> Stream.ofNullable(recurrence(timed, first, until)));
    }

    private @Nullable LocalDateTime firstWithinDays(Timed timed, LocalDate start) {
        if (draft.start != null) {
            var first = start.atTime(timed.times.getFirst());
            return first.isAfter(now) ? first : null;
        }
        boolean minutes = timed.rule.frequency() == Rule.Frequency.MINUTELY;
        var base = timed.rule.onTheHour() ? now.truncatedTo(ChronoUnit.HOURS) : now;
        return base.atZone(zone)
                .plus(timed.rule.interval(), minutes ? ChronoUnit.MINUTES : ChronoUnit.HOURS)
                .toLocalDateTime();
    }

    private @Nullable LocalDateTime first(Timed timed, LocalDate start) {
        if (start.isBefore(now.toLocalDate())) {
            return null;
        }
        var date = timed.rule.firstFrom(start);
        if (date == null) {
            return null;
        }
        var first = first(timed.times, date);
        if (first != null) {
            return first;
        }
        // Counted from a day whose time is over, every other one begins in the past: no first run says that.
        boolean counted = draft.start != null && timed.rule.interval() > 1;
        var next = counted ? null : timed.rule.firstFrom(date.plusDays(1));
        return next == null ? null : first(timed.times, next);
    }

    private @Nullable LocalDateTime first(List<LocalTime> times, LocalDate date) {
        return times.stream()
                .map(date::atTime)
                .filter(one -> one.isAfter(now))
                .findFirst()
                .orElse(null);
    }

    private @Nullable Recurrence recurrence(Timed timed, LocalDateTime first, @Nullable LocalDate until) {
        int count = draft.span == null ? draft.count : runs(timed, draft.span);
        if (count < 0) {
            return null;
        }
        var rrule = new StringBuilder("FREQ=").append(timed.rule.frequency());
        if (timed.rule.interval() > 1) {
            rrule.append(";INTERVAL=").append(timed.rule.interval());
        }
        if (count > 0) {
            rrule.append(";COUNT=").append(count);
        }
        if (until != null) {
            var last = until.atTime(23, 59, 59).atZone(zone).withZoneSameInstant(ZoneOffset.UTC);
            rrule.append(";UNTIL=").append(UTC.format(last));
        }
        days(timed.rule, rrule);
        if (timed.times.size() > 1) {
            rrule.append(";BYHOUR=")
                    .append(timed.times.stream()
                            .map(time -> "" + time.getHour())
                            .collect(Collectors.joining(",")));
        }
        var end = count > 0 ? ", " + count + " times" : until == null ? "" : " until " + until;
        return new Recurrence(
                rrule.toString(),
                first,
                zone,
                Wording.of(timed.rule, timed.times, first, zone, end),
                notes(timed, first, until));
    }

    private static void days(Rule rule, StringBuilder rrule) {
        if (rule.onTheHour()) {
            rrule.append(";BYMINUTE=0");
        }
        if (rule.month() != null) {
            rrule.append(";BYMONTH=").append(rule.month().getValue());
        }
        if (!rule.weekdays().isEmpty()) {
            rrule.append(";BYDAY=")
                    .append(rule.weekdays().stream().map(Recurrences::code).collect(Collectors.joining(",")));
        }
        var places = rule.places();
        if (!places.isEmpty()) {
            rrule.append(places.getFirst() instanceof Place.Nth ? ";BYDAY=" : ";BYMONTHDAY=")
                    .append(places.stream().map(Recurrences::code).collect(Collectors.joining(",")));
        }
    }

    private static String code(DayOfWeek day) {
        return day.name().substring(0, 2);
    }

    private static String code(Place place) {
        return switch (place) {
            case Place.Number(int day) -> Integer.toString(day);
            case Place.Last() -> "-1";
            case Place.Nth(int nth, DayOfWeek day) -> nth + code(day);
        };
    }

    /** How often it runs within a time; -1 where that is not certain. */
    private static int runs(Timed timed, Amount span) {
        int days = span.period().getDays();
        boolean onlyDays = span.period().toTotalMonths() == 0;
        int each = timed.rule.frequency() == Rule.Frequency.DAILY
                ? 1
                : timed.rule.frequency() == Rule.Frequency.WEEKLY ? 7 : 0;
        int step = each * timed.rule.interval();
        if (!onlyDays || step == 0 || days % step != 0) {
            return -1;
        }
        return days / step * Math.max(1, timed.rule.weekdays().size()) * timed.times.size();
    }

    private List<String> notes(Timed timed, LocalDateTime first, @Nullable LocalDate until) {
        var notes = new ArrayList<String>();
        if (!timed.rule.isWithinDays()) {
            Assumptions.note(draft, first.toLocalTime(), notes);
        }
        if (until != null) {
            notes.add("The last day, " + until + ", is included");
        }
        if (timed.rule.places().stream().anyMatch(place -> place instanceof Place.Number(int day) && day > 28)) {
            notes.add("Months without this day are left out");
        }
        ClockChanges.note(first, zone, notes);
        return List.copyOf(notes);
    }
}
