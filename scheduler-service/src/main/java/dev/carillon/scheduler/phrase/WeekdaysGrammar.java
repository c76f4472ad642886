package dev.carillon.scheduler.phrase;

import java.time.DayOfWeek;
import java.util.EnumSet;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads several weekdays: "monday, wednesday and friday", "tuesdays and thursdays", "monday to friday". Empty where there are none. */
final class WeekdaysGrammar {
    private final Cursor cursor;

    WeekdaysGrammar(Cursor cursor) {
        this.cursor = cursor;
    }

    SortedSet<DayOfWeek> any() {
        var plural = plural();
        return plural.isEmpty() ? singular() : plural;
    }

    SortedSet<DayOfWeek> plural() {
        return listed(Words.PLURAL_WEEKDAYS);
    }

    SortedSet<DayOfWeek> singular() {
        var range = range();
        return range.isEmpty() ? listed(Words.WEEKDAYS) : range;
    }

    SortedSet<DayOfWeek> range() {
        int mark = cursor.mark();
        var from = Words.weekday(cursor);
        boolean to = from != null && (cursor.anyWord("to", "through") || cursor.sign('-'));
        var until = to ? Words.weekday(cursor) : null;
        if (from == null || until == null || from.compareTo(until) >= 0) {
            cursor.back(mark);
            return new TreeSet<>();
        }
        return new TreeSet<>(EnumSet.range(from, until));
    }

    /** What stands between two things of a list. */
    boolean separator() {
        boolean comma = cursor.sign(',');
        return cursor.word("and") || comma || cursor.sign('&');
    }

    private SortedSet<DayOfWeek> listed(Map<String, DayOfWeek> names) {
        var weekdays = new TreeSet<DayOfWeek>();
        int mark = cursor.mark();
        var day = one(names);
        while (day != null) {
            weekdays.add(day);
            mark = cursor.mark();
            day = separator() ? one(names) : null;
        }
        cursor.back(mark);
        return weekdays;
    }

    private @Nullable DayOfWeek one(Map<String, DayOfWeek> names) {
        var day = cursor.oneOf(names);
        if (day != null) {
            cursor.gluedSign('.');
        }
        return day;
    }
}
