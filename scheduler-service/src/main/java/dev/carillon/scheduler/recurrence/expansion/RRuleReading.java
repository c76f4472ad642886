package dev.carillon.scheduler.recurrence.expansion;

import dev.carillon.scheduler.recurrence.LocalTimes;
import dev.carillon.scheduler.recurrence.Rules.Reading;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads recurrence rules of RFC 5545. The library finds the days; times of the day are put beside them here, for rules that fire often would
 * otherwise run into its limits.
 */
final class RRuleReading {
    private static final int LARGEST_INTERVAL = 10_000;
    private static final int LARGEST_COUNT = 10_000;
    // The library makes the whole set of a year before it counts positions in it.
    private static final int MOST_TIMES_WITH_POSITIONS = 24;
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuuMMdd");
    private static final DateTimeFormatter DATE_TIME = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss");
    private static final Set<String> WITH_UNEVEN_STEPS = Set.of("FREQ", "INTERVAL", "WKST");

    private final RRuleParts parts;
    private final LocalDateTime start;
    private final int interval;
    private final int second;

    private RRuleReading(RRuleParts parts, LocalDateTime start) throws NotUnderstood {
        this.parts = parts;
        this.start = start;
        this.interval = parts.number("INTERVAL", 1, LARGEST_INTERVAL);
        var seconds = parts.numbers("BYSECOND", set(start.getSecond()), 59);
        if (seconds.size() > 1) {
            throw NotUnderstood.tooFrequent();
        }
        this.second = seconds.first();
    }

    static Reading read(String text, LocalDateTime start, ZoneId zone) throws NotUnderstood {
        var parts = RRuleParts.read(text);
        Integer count = parts.has("COUNT") ? parts.number("COUNT", 1, LARGEST_COUNT) : null;
        var until = until(parts.get("UNTIL"), zone);
        if (count != null && until != null) {
            throw new NotUnderstood("has both COUNT and UNTIL");
        }
        var times = new RRuleReading(parts.without("COUNT", "UNTIL"), start).times();
        return new Reading.Understood(times, count, until);
    }

    /** An instant, a local time, or the whole of a local day. */
    private static @Nullable Instant until(@Nullable String text, ZoneId zone) throws NotUnderstood {
        if (text == null) {
            return null;
        }
        try {
            if (text.endsWith("Z")) {
                return LocalDateTime.parse(text.substring(0, text.length() - 1), DATE_TIME)
                        .toInstant(ZoneOffset.UTC);
            }
            return text.contains("T")
                    ? LocalDateTime.parse(text, DATE_TIME).atZone(zone).toInstant()
                    : LocalDate.parse(text, DATE)
                            .plusDays(1)
                            .atStartOfDay(zone)
                            .minusNanos(1_000)
                            .toInstant();
        } catch (DateTimeException malformed) {
            throw new NotUnderstood("has UNTIL=" + text + ": it takes 20271231, 20271231T090000 or 20271231T090000Z");
        }
    }

    private LocalTimes times() throws NotUnderstood {
        // Whatever is not understood by the library is not understood, also where it is not asked below.
        new Expansion(parts.text(), start);
        return switch (parts.get("FREQ")) {
            case "SECONDLY" -> throw NotUnderstood.tooFrequent();
            case "MINUTELY" -> 60 % interval == 0 ? everySoManyMinutes() : unevenSteps(Duration.ofMinutes(interval));
            case "HOURLY" -> 24 % interval == 0 ? everySoManyHours() : unevenSteps(Duration.ofHours(interval));
            case null, default -> daysOrMore();
        };
    }

    private LocalTimes daysOrMore() throws NotUnderstood {
        var times = DaysAndTimes.times(
                parts.numbers("BYHOUR", set(start.getHour()), 23),
                parts.numbers("BYMINUTE", set(start.getMinute()), 59),
                second);
        if (parts.has("BYSETPOS") && times.size() > MOST_TIMES_WITH_POSITIONS) {
            throw new NotUnderstood("has BYSETPOS and over %d times a day".formatted(MOST_TIMES_WITH_POSITIONS));
        }
        // Of a set of several times a day, positions count the times; of a set of days, they count the days.
        return parts.has("BYSETPOS") && times.size() > 1 ? new Expansion(parts.text(), start) : days(parts, times);
    }

    private LocalTimes everySoManyMinutes() throws NotUnderstood {
        var minutes = every(start.getMinute(), 60);
        minutes.retainAll(parts.numbers("BYMINUTE", minutes, 59));
        return everyDay(parts.numbers("BYHOUR", upTo(24), 23), minutes);
    }

    private LocalTimes everySoManyHours() throws NotUnderstood {
        var hours = every(start.getHour(), 24);
        hours.retainAll(parts.numbers("BYHOUR", hours, 23));
        return everyDay(hours, parts.numbers("BYMINUTE", set(start.getMinute()), 59));
    }

    private LocalTimes everyDay(SortedSet<Integer> hours, SortedSet<Integer> minutes) throws NotUnderstood {
        if (parts.has("BYSETPOS") || parts.has("BYYEARDAY")) {
            throw new NotUnderstood("has a FREQ with which BYSETPOS and BYYEARDAY are not taken");
        }
        return days(parts.with("FREQ", "DAILY").without("INTERVAL"), DaysAndTimes.times(hours, minutes, second));
    }

    private LocalTimes days(RRuleParts rule, SortedSet<LocalTime> times) throws NotUnderstood {
        var days = rule.without("BYHOUR", "BYMINUTE", "BYSECOND");
        // Months are searched faster than days: February 29th on a Monday is some ten thousand days away.
        boolean rare = "DAILY".equals(days.get("FREQ"))
                && days.has("BYMONTHDAY")
                && days.number("INTERVAL", 1, LARGEST_INTERVAL) == 1
                && !days.has("BYSETPOS");
        var expansion = new Expansion(
                (rare ? days.with("FREQ", "MONTHLY") : days).text(),
                start.toLocalDate().atStartOfDay());
        return new DaysAndTimes(List.of(expansion), times, start);
    }

    private LocalTimes unevenSteps(Duration step) throws NotUnderstood {
        var others = parts.parts().keySet().stream()
                .filter(name -> !WITH_UNEVEN_STEPS.contains(name))
                .collect(Collectors.joining(", "));
        if (!others.isEmpty()) {
            throw new NotUnderstood(
                    "has an INTERVAL that does not divide an hour (MINUTELY) or a day (HOURLY); with it " + others
                            + " is not taken");
        }
        return new EvenSteps(start, step);
    }

    /** The values that are a whole number of intervals from {@code first}, around the clock. */
    private SortedSet<Integer> every(int first, int size) {
        return IntStream.range(0, size)
                .filter(value -> Math.floorMod(value - first, interval) == 0)
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static SortedSet<Integer> upTo(int size) {
        return IntStream.range(0, size).boxed().collect(Collectors.toCollection(TreeSet::new));
    }

    private static SortedSet<Integer> set(int one) {
        return new TreeSet<>(Set.of(one));
    }
}
