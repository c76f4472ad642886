package dev.carillon.scheduler.phrase;

import java.time.DayOfWeek;
import org.jspecify.annotations.Nullable;

/** Reads days by their place in a month, a week or a year. */
final class PlaceGrammar {
    private static final int NONE = -1;

    private final Cursor cursor;
    private final DateGrammar dates;

    PlaceGrammar(Cursor cursor) {
        this.cursor = cursor;
        this.dates = new DateGrammar(cursor);
    }

    /** The first monday of december, the last day of the month, the 15th of next month, the 3rd. */
    @Nullable Day inMonth(boolean on) {
        int mark = cursor.mark();
        boolean the = cursor.word("the");
        var place = place();
        if (place == null) {
            cursor.back(mark);
            return null;
        }
        if (cursor.anyWord("of", "in")) {
            if (place instanceof Place.Last && (cursor.words("the", "year") || cursor.words("this", "year"))) {
                return new Day.EndOfYear();
            }
            var month = monthRef(false);
            if (month != null) {
                return new Day.OfMonth(place, month);
            }
        } else if ((on || the) && place instanceof Place.Number) {
            return new Day.OfMonth(place, new MonthRef.Any());
        }
        cursor.back(mark);
        return null;
    }

    /** An ordinal, alone or with a weekday or "day"; null if there is none. */
    @Nullable Place place() {
        int mark = cursor.mark();
        int nth = Words.ordinal(cursor);
        boolean last = nth == NONE && cursor.word("last");
        if (nth == NONE && !last) {
            return null;
        }
        var weekday = Words.weekday(cursor);
        if (weekday != null && nth <= 5) {
            return new Place.Nth(last ? -1 : nth, weekday);
        }
        boolean day = weekday == null && cursor.word("day");
        if (last ? !day : weekday != null) {
            cursor.back(mark);
            return null;
        }
        return last ? new Place.Last() : new Place.Number(nth);
    }

    private @Nullable MonthRef monthRef(boolean bare) {
        if (cursor.words("next", "month")) {
            return new MonthRef.Relative(1);
        }
        if (cursor.words("this", "month") || cursor.words("the", "month") || (bare && cursor.word("month"))) {
            return new MonthRef.Relative(0);
        }
        var month = Words.month(cursor);
        return month == null ? null : dates.ofYear(month);
    }

    /** The end of the month, the beginning of next week. */
    @Nullable Day edge() {
        int mark = cursor.mark();
        cursor.word("the");
        Day day = null;
        if (cursor.words("end", "of")) {
            day = end();
        } else if (cursor.words("beginning", "of") || cursor.words("start", "of")) {
            day = start();
        }
        if (day == null) {
            cursor.back(mark);
        }
        return day;
    }

    private @Nullable Day end() {
        var month = monthRef(true);
        if (month != null) {
            return new Day.OfMonth(new Place.Last(), month);
        }
        if (cursor.words("next", "week")) {
            return new Day.EndOfWeek(1);
        }
        boolean article = cursor.anyWord("the", "this");
        if (cursor.word("week")) {
            return new Day.EndOfWeek(0);
        }
        if (cursor.word("year")) {
            return new Day.EndOfYear();
        }
        boolean working = article && cursor.anyWord("working", "business") && cursor.word("week");
        return working ? new Day.OfWeek(DayOfWeek.FRIDAY, 0) : null;
    }

    private @Nullable Day start() {
        if (cursor.words("next", "week")) {
            return new Day.OfWeek(DayOfWeek.MONDAY, 1);
        }
        if (cursor.words("next", "year")) {
            return new Day.StartOfYear(1);
        }
        var month = monthRef(false);
        return month == null ? null : new Day.OfMonth(new Place.Number(1), month);
    }
}
