package dev.carillon.scheduler.phrase;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.Month;
import org.jspecify.annotations.Nullable;

/** Reads dates of the calendar, in the forms in which they are written. */
final class DateGrammar {
    private static final int NONE = -1;

    private final Cursor cursor;

    DateGrammar(Cursor cursor) {
        this.cursor = cursor;
    }

    @Nullable Day date() {
        int mark = cursor.mark();
        var day = iso();
        if (day == null) {
            day = figures();
        }
        if (day == null) {
            day = dayThenMonth();
        }
        if (day == null) {
            day = monthThenDay();
        }
        if (day == null) {
            day = holiday();
        }
        if (day == null) {
            cursor.back(mark);
        }
        return day;
    }

    /** A year of four digits, from 2000 to 2199; otherwise -1. */
    int year() {
        int mark = cursor.mark();
        cursor.sign(',');
        int year = cursor.number(4, 4);
        if (year < 2000 || year > 2199 || cursor.peek().isSign(':')) {
            cursor.back(mark);
            return NONE;
        }
        return year;
    }

    MonthRef ofYear(Month month) {
        int year = year();
        return year == NONE ? new MonthRef.Named(month) : new MonthRef.OfYear(month, year);
    }

    /** 2026-12-24, 2026/12/24, either with a T before the time. */
    private @Nullable Day iso() {
        int mark = cursor.mark();
        int year = cursor.number(4, 4);
        char sign = cursor.peek().isSign('/') ? '/' : '-';
        if (year == NONE || !cursor.gluedSign(sign)) {
            cursor.back(mark);
            return null;
        }
        int month = cursor.gluedNumber(1, 2);
        boolean separated = cursor.gluedSign(sign);
        int day = cursor.gluedNumber(1, 2);
        var date = separated ? exact(year, month, day) : null;
        if (date == null) {
            cursor.back(mark);
            return null;
        }
        if (cursor.peek().glued() && cursor.peek(1).glued() && cursor.peek(1).kind() == Token.Kind.NUMBER) {
            cursor.word("t");
        }
        return date;
    }

    private static @Nullable Day exact(int year, int month, int day) {
        try {
            return new Day.Exact(LocalDate.of(year, month, day));
        } catch (DateTimeException noSuchDay) {
            return null;
        }
    }

    /** 24/12/2026, 12/24, 24.12.2026, 24.12., 24-12-2026, 24-Dec-2026. */
    private @Nullable Day figures() {
        int mark = cursor.mark();
        int one = cursor.number(1, 2);
        char sign = cursor.peek().text().charAt(0);
        if (one == NONE || !(sign == '/' || sign == '.' || sign == '-') || !cursor.gluedSign(sign)) {
            cursor.back(mark);
            return null;
        }
        var month = sign == '-' ? cursor.oneOf(Words.MONTHS) : null;
        int other = month == null ? cursor.gluedNumber(1, 2) : NONE;
        boolean separated = cursor.gluedSign(sign);
        int year = separated ? cursor.gluedNumber(4, 4) : NONE;
        boolean whole = year != NONE || (sign == '.' && separated) || (sign == '/' && !separated);
        // 24/7 is no day in July.
        boolean always = one == 24 && other == 7 && year == NONE;
        if (!whole || always || (month == null && other == NONE)) {
            cursor.back(mark);
            return null;
        }
        return month != null && year != NONE
                ? new Day.OfMonth(new Place.Number(one), new MonthRef.OfYear(month, year))
                : new Day.Figures(one, other, year == NONE ? null : year);
    }

    /** 24 Dec 2026, the 24th of December. */
    private @Nullable Day dayThenMonth() {
        int mark = cursor.mark();
        cursor.word("the");
        int day = Words.ordinal(cursor);
        if (day == NONE) {
            day = cursor.number(1, 2);
        } else {
            cursor.word("of");
        }
        var month = day == NONE ? null : Words.month(cursor);
        if (month == null) {
            cursor.back(mark);
            return null;
        }
        return new Day.OfMonth(new Place.Number(day), ofYear(month));
    }

    /** December 24, Dec. 24th, 2026, December the 24th. */
    private @Nullable Day monthThenDay() {
        int mark = cursor.mark();
        var month = Words.month(cursor);
        if (month == null) {
            return null;
        }
        cursor.word("the");
        int day = Words.ordinal(cursor);
        if (day == NONE) {
            day = cursor.number(1, 2);
        }
        if (day == NONE) {
            cursor.back(mark);
            return null;
        }
        return new Day.OfMonth(new Place.Number(day), ofYear(month));
    }

    private @Nullable Day holiday() {
        var holiday = Words.holiday(cursor);
        return holiday == null
                ? null
                : new Day.OfMonth(new Place.Number(holiday.getDayOfMonth()), ofYear(holiday.getMonth()));
    }
}
