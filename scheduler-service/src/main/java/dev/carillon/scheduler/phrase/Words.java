package dev.carillon.scheduler.phrase;

import static java.util.Map.entry;

import java.time.DayOfWeek;
import java.time.Month;
import java.time.MonthDay;
import java.time.format.TextStyle;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The words that have a value, with the misspellings that can only mean one of them. */
final class Words {
    static final Map<String, DayOfWeek> WEEKDAYS = weekdays();
    static final Map<String, DayOfWeek> PLURAL_WEEKDAYS = pluralWeekdays();
    static final Map<String, Month> MONTHS = months();
    static final Map<String, DayPart> PARTS = Map.of(
            "morning",
            DayPart.MORNING,
            "afternoon",
            DayPart.AFTERNOON,
            "evening",
            DayPart.EVENING,
            "night",
            DayPart.NIGHT);
    static final Map<String, Boolean> TOMORROW = Map.of(
            "tomorrow",
            true,
            "tomorow",
            true,
            "tommorow",
            true,
            "tommorrow",
            true,
            "tmrw",
            true,
            "tmr",
            true,
            "tmw",
            true);
    private static final Map<String, Integer> SMALL = Map.ofEntries(
            entry("one", 1),
            entry("two", 2),
            entry("three", 3),
            entry("four", 4),
            entry("five", 5),
            entry("six", 6),
            entry("seven", 7),
            entry("eight", 8),
            entry("nine", 9),
            entry("ten", 10),
            entry("eleven", 11),
            entry("twelve", 12),
            entry("thirteen", 13),
            entry("fourteen", 14),
            entry("fifteen", 15),
            entry("sixteen", 16),
            entry("seventeen", 17),
            entry("eighteen", 18),
            entry("nineteen", 19));
    private static final Map<String, Integer> TENS = Map.of(
            "twenty", 20, "thirty", 30, "forty", 40, "fifty", 50, "sixty", 60, "seventy", 70, "eighty", 80, "ninety",
            90);
    private static final Map<String, Integer> ORDINALS = Map.ofEntries(
            entry("first", 1),
            entry("second", 2),
            entry("third", 3),
            entry("fourth", 4),
            entry("fifth", 5),
            entry("sixth", 6),
            entry("seventh", 7),
            entry("eighth", 8),
            entry("ninth", 9),
            entry("tenth", 10),
            entry("eleventh", 11),
            entry("twelfth", 12),
            entry("thirteenth", 13),
            entry("fourteenth", 14),
            entry("fifteenth", 15),
            entry("sixteenth", 16),
            entry("seventeenth", 17),
            entry("eighteenth", 18),
            entry("nineteenth", 19),
            entry("twentieth", 20),
            entry("thirtieth", 30));

    private Words() {}

    /** A number in digits or words, such as 25, twenty-five; otherwise -1. */
    static int number(Cursor cursor) {
        int digits = cursor.number(1, 5);
        return digits >= 0 ? digits : spelled(cursor);
    }

    /** A number in words from one to ninety-nine; otherwise -1. */
    static int spelled(Cursor cursor) {
        var small = cursor.oneOf(SMALL);
        if (small != null) {
            return small;
        }
        var tens = cursor.oneOf(TENS);
        if (tens == null) {
            return -1;
        }
        int mark = cursor.mark();
        cursor.sign('-');
        var unit = cursor.oneOf(SMALL);
        if (unit == null || unit > 9) {
            cursor.back(mark);
            return tens;
        }
        return tens + unit;
    }

    /** An ordinal such as 3rd, third, twenty-first; otherwise -1. */
    static int ordinal(Cursor cursor) {
        int mark = cursor.mark();
        int digits = cursor.number(1, 2);
        if (digits >= 0) {
            boolean suffixed = cursor.peek().glued() && cursor.word(suffix(digits));
            return suffixed ? digits : failed(cursor, mark);
        }
        var ordinal = cursor.oneOf(ORDINALS);
        if (ordinal != null) {
            return ordinal;
        }
        var tens = cursor.oneOf(TENS);
        if (tens == null) {
            return -1;
        }
        cursor.sign('-');
        var unit = cursor.oneOf(ORDINALS);
        return unit == null || unit > 9 ? failed(cursor, mark) : tens + unit;
    }

    /** A date that has the same day in every year. */
    static @Nullable MonthDay holiday(Cursor cursor) {
        if (cursor.word("christmas")) {
            if (cursor.word("eve")) {
                return MonthDay.of(12, 24);
            }
            cursor.word("day");
            return MonthDay.of(12, 25);
        }
        if (cursor.words("new", "year's", "eve") || cursor.words("new", "years", "eve")) {
            return MonthDay.of(12, 31);
        }
        if (cursor.words("new", "year's", "day") || cursor.words("new", "years", "day")) {
            return MonthDay.of(1, 1);
        }
        if (cursor.word("halloween")) {
            return MonthDay.of(10, 31);
        }
        return cursor.words("valentine's", "day") || cursor.words("valentines", "day") ? MonthDay.of(2, 14) : null;
    }

    static @Nullable DayOfWeek weekday(Cursor cursor) {
        var day = cursor.oneOf(WEEKDAYS);
        if (day != null) {
            cursor.gluedSign('.');
        }
        return day;
    }

    static @Nullable Month month(Cursor cursor) {
        var month = cursor.oneOf(MONTHS);
        if (month != null) {
            cursor.gluedSign('.');
        }
        return month;
    }

    static String name(DayOfWeek day) {
        return day.getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }

    static String name(Month month) {
        return month.getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }

    private static int failed(Cursor cursor, int mark) {
        cursor.back(mark);
        return -1;
    }

    private static String suffix(int number) {
        if (number / 10 == 1) {
            return "th";
        }
        return switch (number % 10) {
            case 1 -> "st";
            case 2 -> "nd";
            case 3 -> "rd";
            default -> "th";
        };
    }

    private static Map<String, DayOfWeek> weekdays() {
        var names = new HashMap<String, DayOfWeek>();
        for (var day : DayOfWeek.values()) {
            names.put(name(day).toLowerCase(Locale.ROOT), day);
            names.put(day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH).toLowerCase(Locale.ROOT), day);
        }
        names.putAll(Map.of(
                "tues",
                DayOfWeek.TUESDAY,
                "weds",
                DayOfWeek.WEDNESDAY,
                "thur",
                DayOfWeek.THURSDAY,
                "thurs",
                DayOfWeek.THURSDAY));
        names.putAll(Map.of(
                "wensday", DayOfWeek.WEDNESDAY, "wendesday", DayOfWeek.WEDNESDAY, "wednsday", DayOfWeek.WEDNESDAY));
        names.putAll(Map.of(
                "thurday",
                DayOfWeek.THURSDAY,
                "thrusday",
                DayOfWeek.THURSDAY,
                "tueday",
                DayOfWeek.TUESDAY,
                "tuseday",
                DayOfWeek.TUESDAY));
        names.putAll(Map.of("saterday", DayOfWeek.SATURDAY, "satuday", DayOfWeek.SATURDAY, "firday", DayOfWeek.FRIDAY));
        return Map.copyOf(names);
    }

    private static Map<String, DayOfWeek> pluralWeekdays() {
        var names = new HashMap<String, DayOfWeek>();
        for (var day : DayOfWeek.values()) {
            names.put(name(day).toLowerCase(Locale.ROOT) + "s", day);
        }
        return Map.copyOf(names);
    }

    private static Map<String, Month> months() {
        var names = new HashMap<String, Month>();
        for (var month : Month.values()) {
            names.put(name(month).toLowerCase(Locale.ROOT), month);
            names.put(name(month).toLowerCase(Locale.ROOT).substring(0, 3), month);
        }
        names.putAll(Map.of(
                "sept",
                Month.SEPTEMBER,
                "febuary",
                Month.FEBRUARY,
                "feburary",
                Month.FEBRUARY,
                "janurary",
                Month.JANUARY,
                "decemeber",
                Month.DECEMBER));
        return Map.copyOf(names);
    }
}
