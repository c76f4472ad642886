package dev.carillon.scheduler.recurrence.expansion;

import dev.carillon.scheduler.recurrence.LocalTimes;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads cron expressions of five fields: minute, hour, day of the month, month, day of the week. Each takes {@code *}, numbers, ranges, lists and
 * steps; months and days of the week take English names of three letters; the day of the month also takes {@code L} (the last) and {@code L-3} (the
 * third before it), the day of the week {@code FRI#2} (the second Friday) and {@code FRIL} (the last). When both days are given, either will do.
 */
final class CronReading {
    private static final Map<String, String> NICKNAMES = Map.of(
            "@hourly", "0 * * * *",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@weekly", "0 0 * * 0",
            "@monthly", "0 0 1 * *",
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *");
    private static final List<String> WEEKDAYS = List.of("SU", "MO", "TU", "WE", "TH", "FR", "SA", "SU");
    private static final Pattern LAST_DAY = Pattern.compile("L(?:-([0-9]{1,2}))?");
    private static final Pattern NTH_WEEKDAY = Pattern.compile("([0-9A-Z]{1,3})#([1-5])");
    private static final Pattern LAST_WEEKDAY = Pattern.compile("([0-9]|[A-Z]{3})L");
    private static final int FARTHEST_FROM_LAST = 30;

    private CronReading() {}

    static LocalTimes read(String text, LocalDateTime start) throws NotUnderstood {
        var stripped = text.strip();
        var nickname = NICKNAMES.get(stripped.toLowerCase(Locale.ROOT));
        var fields = (nickname == null ? stripped : nickname).split("\\s+");
        if (fields.length != 5) {
            throw new NotUnderstood("takes five fields (minute, hour, day of the month, month, day of the week), or "
                    + NICKNAMES.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        var times = DaysAndTimes.times(CronField.HOUR.read(fields[1]), CronField.MINUTE.read(fields[0]), 0);
        return new DaysAndTimes(days(fields[2], fields[3], fields[4], start), times, start);
    }

    private static List<Expansion> days(String dayOfMonth, String month, String dayOfWeek, LocalDateTime start)
            throws NotUnderstood {
        var inMonths = CronField.isStar(month) ? "" : ";BYMONTH=" + joined(CronField.MONTH.read(month));
        var monthDays = CronField.isStar(dayOfMonth) ? null : monthDays(dayOfMonth);
        var weekdays = CronField.isStar(dayOfWeek) ? null : weekdays(dayOfWeek);
        refuseTwoReadings(dayOfMonth, monthDays, dayOfWeek, weekdays);
        var rules = new ArrayList<String>();
        if (monthDays == null && weekdays == null) {
            rules.add("FREQ=DAILY" + inMonths);
        }
        if (monthDays != null) {
            rules.add("FREQ=MONTHLY" + inMonths + ";BYMONTHDAY=" + joined(monthDays));
        }
        if (weekdays != null) {
            rules.add("FREQ=MONTHLY" + inMonths + ";BYDAY=" + String.join(",", weekdays));
        }
        // A cron has no beginning: any first day of a month before serves as one.
        var beginning = start.toLocalDate().withDayOfMonth(1).atStartOfDay();
        var days = new ArrayList<Expansion>();
        for (var rule : rules) {
            days.add(new Expansion(rule, beginning));
        }
        return days;
    }

    /** The oldest cron reads an asterisk with a step as "both must hold", others as "either will do". */
    private static void refuseTwoReadings(
            String dayOfMonth,
            @Nullable SortedSet<Integer> monthDays,
            String dayOfWeek,
            @Nullable SortedSet<String> weekdays)
            throws NotUnderstood {
        boolean both = monthDays != null && weekdays != null;
        if (both && (dayOfMonth.startsWith("*") || dayOfWeek.startsWith("*"))) {
            throw new NotUnderstood(
                    "has two readings: with both days given, write a step as a range, such as 1-31/2 for */2");
        }
    }

    private static SortedSet<Integer> monthDays(String text) throws NotUnderstood {
        var read = new TreeSet<Integer>();
        for (var item : text.split(",", -1)) {
            var last = LAST_DAY.matcher(item.toUpperCase(Locale.ROOT));
            if (last.matches()) {
                int before = last.group(1) == null ? 0 : Integer.parseInt(last.group(1));
                if (before > FARTHEST_FROM_LAST) {
                    throw CronField.DAY_OF_MONTH.fault(item);
                }
                read.add(-1 - before);
            } else {
                read.addAll(CronField.DAY_OF_MONTH.read(item));
            }
        }
        return read;
    }

    private static SortedSet<String> weekdays(String text) throws NotUnderstood {
        var read = new TreeSet<String>();
        for (var item : text.split(",", -1)) {
            var upper = item.toUpperCase(Locale.ROOT);
            var nth = NTH_WEEKDAY.matcher(upper);
            var last = LAST_WEEKDAY.matcher(upper);
            if (nth.matches()) {
                read.add(nth.group(2) + weekday(nth.group(1)));
            } else if (last.matches()) {
                read.add("-1" + weekday(last.group(1)));
            } else {
                CronField.DAY_OF_WEEK.read(item).forEach(day -> read.add(WEEKDAYS.get(day)));
            }
        }
        return read;
    }

    private static String weekday(String text) throws NotUnderstood {
        return WEEKDAYS.get(CronField.DAY_OF_WEEK.number(text));
    }

    private static String joined(SortedSet<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
