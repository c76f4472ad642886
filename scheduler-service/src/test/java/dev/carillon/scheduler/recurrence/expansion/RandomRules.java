package dev.carillon.scheduler.recurrence.expansion;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Rules as people and calendars write them, and some that nobody would; the same ones every time. */
final class RandomRules {
    private static final List<String> WEEKDAYS = List.of("MO", "TU", "WE", "TH", "FR", "SA", "SU");

    private final Random random;

    RandomRules(long seed) {
        this.random = new Random(seed);
    }

    /** To the second, within ten years. */
    LocalDateTime start() {
        return LocalDateTime.of(2020, 1, 1, 0, 0).plusDays(random.nextInt(3653)).plusMinutes(random.nextInt(1440));
    }

    String rrule() {
        var parts = new ArrayList<String>();
        var freq = one("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY");
        parts.add("FREQ=" + freq);
        switch (freq) {
            case "YEARLY" -> yearly(parts);
            case "MONTHLY" -> monthly(parts);
            case "WEEKLY" -> weekly(parts);
            case "DAILY" -> daily(parts);
            case "HOURLY" -> hourly(parts);
            default -> minutely(parts);
        }
        return String.join(";", parts);
    }

    private void yearly(List<String> parts) {
        interval(parts, 3);
        switch (random.nextInt(6)) {
            case 0 -> parts.add("BYMONTH=" + numbers(1, 12, 3));
            case 1 -> {
                parts.add("BYMONTH=" + numbers(1, 12, 3));
                parts.add("BYMONTHDAY=" + signed(28, 3));
            }
            case 2 -> {
                parts.add("BYMONTH=" + numbers(1, 12, 2));
                parts.add("BYDAY=" + numbered(4));
            }
            case 3 -> parts.add("BYDAY=" + numbered(50));
            case 4 -> parts.add("BYYEARDAY=" + signed(365, 4));
            default -> {}
        }
        timesOfDay(parts);
    }

    private void monthly(List<String> parts) {
        interval(parts, 5);
        switch (random.nextInt(5)) {
            case 0 -> parts.add("BYMONTHDAY=" + signed(31, 3));
            case 1 -> parts.add("BYDAY=" + numbered(5));
            case 2 -> parts.add("BYDAY=" + weekdays(3));
            case 3 -> {
                parts.add("BYDAY=" + weekdays(5));
                parts.add("BYSETPOS=" + one("1", "-1", "2", "1,-1", "3"));
            }
            default -> {
                parts.add("BYMONTHDAY=" + numbers(1, 31, 7));
                parts.add("BYDAY=" + weekdays(2));
            }
        }
        timesOfDay(parts);
    }

    private void weekly(List<String> parts) {
        interval(parts, 4);
        if (random.nextBoolean()) {
            parts.add("BYDAY=" + weekdays(4));
        }
        if (random.nextInt(4) == 0) {
            parts.add("BYMONTH=" + numbers(1, 12, 4));
        }
        if (random.nextInt(3) == 0) {
            parts.add("WKST=" + one("MO", "SU", "WE"));
        }
        timesOfDay(parts);
    }

    private void daily(List<String> parts) {
        interval(parts, 10);
        switch (random.nextInt(4)) {
            case 0 -> parts.add("BYDAY=" + weekdays(3));
            case 1 -> parts.add("BYMONTH=" + numbers(1, 12, 3));
            case 2 -> parts.add("BYMONTHDAY=" + (parts.size() > 1 ? numbers(1, 31, 4) : signed(31, 4)));
            default -> {}
        }
        timesOfDay(parts);
    }

    private void hourly(List<String> parts) {
        interval(parts, 24);
        if (divides(parts, 24) && random.nextBoolean()) {
            // Both other libraries lose count of an interval over the months that are left out.
            var months = parts.size() > 1 ? "BYDAY=" + weekdays(2) : "BYMONTH=" + numbers(1, 12, 3);
            parts.add(one("BYDAY=" + weekdays(3), months, "BYHOUR=" + numbers(0, 23, 12)));
        }
        if (divides(parts, 24) && random.nextInt(3) == 0) {
            parts.add("BYMINUTE=" + numbers(0, 59, 3));
        }
    }

    private void minutely(List<String> parts) {
        interval(parts, 60);
        if (divides(parts, 60) && random.nextBoolean()) {
            parts.add(one("BYHOUR=" + numbers(0, 23, 6), "BYMINUTE=" + numbers(0, 59, 30)));
        }
    }

    private static boolean divides(List<String> parts, int size) {
        return parts.stream()
                .filter(part -> part.startsWith("INTERVAL="))
                .allMatch(part -> size % Integer.parseInt(part.substring(9)) == 0);
    }

    private void interval(List<String> parts, int largest) {
        int interval = 1 + random.nextInt(largest);
        if (interval > 1) {
            parts.add("INTERVAL=" + interval);
        }
    }

    private void timesOfDay(List<String> parts) {
        boolean positions = parts.stream().anyMatch(part -> part.startsWith("BYSETPOS"));
        if (!positions && random.nextInt(3) == 0) {
            parts.add("BYHOUR=" + numbers(0, 23, 3));
            if (random.nextBoolean()) {
                parts.add("BYMINUTE=" + numbers(0, 59, 3));
            }
        }
    }

    private String weekdays(int most) {
        return distinct(most, () -> WEEKDAYS.get(random.nextInt(7)));
    }

    private String numbered(int largest) {
        return distinct(
                2,
                () -> (random.nextBoolean() ? "" : "-")
                        + (1 + random.nextInt(largest))
                        + WEEKDAYS.get(random.nextInt(7)));
    }

    private String numbers(int least, int largest, int most) {
        return IntStream.generate(() -> least + random.nextInt(largest - least + 1))
                .limit(1 + random.nextInt(most))
                .distinct()
                .sorted()
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(","));
    }

    private String signed(int largest, int most) {
        return distinct(most, () -> (random.nextInt(3) == 0 ? "-" : "") + (1 + random.nextInt(largest)));
    }

    private String distinct(int most, Supplier<String> values) {
        return Stream.generate(values)
                .limit(1 + random.nextInt(most))
                .distinct()
                .collect(Collectors.joining(","));
    }

    private String one(String... values) {
        return values[random.nextInt(values.length)];
    }

    /** A cron expression that other libraries read alike. */
    String cron() {
        return String.join(
                " ",
                field(0, 59, 4),
                field(0, 23, 3),
                random.nextInt(3) > 0 ? "*" : one(field(1, 28, 3), "L", "L-" + (1 + random.nextInt(5))),
                random.nextInt(3) > 0 ? "*" : field(1, 12, 4),
                random.nextInt(3) > 0 ? "*" : one(numbers(0, 6, 3), "MON-FRI", "FRI#2", "3#5", "TUEL", "5-7"));
    }

    private String field(int least, int largest, int most) {
        return switch (random.nextInt(5)) {
            case 0 -> "*/" + (2 + random.nextInt(largest / 2));
            case 1 -> {
                int from = least + random.nextInt(largest - least);
                yield from + "-" + (from + 1 + random.nextInt(largest - from));
            }
            case 2 -> least == 1 ? String.valueOf(1 + random.nextInt(largest)) : "*";
            default -> numbers(least, largest, most);
        };
    }
}
