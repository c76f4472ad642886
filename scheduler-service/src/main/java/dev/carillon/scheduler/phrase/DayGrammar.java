package dev.carillon.scheduler.phrase;

import dev.carillon.scheduler.phrase.Day.Which;
import java.time.DayOfWeek;
import java.time.Period;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads days, as people name them seen from another day. */
final class DayGrammar {
    private static final int NONE = -1;

    private final Cursor cursor;
    private final DateGrammar dates;
    private final AmountGrammar amounts;
    private final PlaceGrammar places;

    DayGrammar(Cursor cursor) {
        this.cursor = cursor;
        this.dates = new DateGrammar(cursor);
        this.amounts = new AmountGrammar(cursor);
        this.places = new PlaceGrammar(cursor);
    }

    @Nullable Day day() {
        int mark = cursor.mark();
        boolean on = cursor.word("on");
        var day = shifted();
        if (day == null) {
            day = near();
        }
        if (day == null) {
            day = places.inMonth(on);
        }
        if (day == null && !on) {
            cursor.word("at");
            day = places.edge();
        }
        if (day == null) {
            cursor.back(mark);
        }
        return day;
    }

    /** A week from friday, 2 days before christmas, the day after tomorrow, friday week. */
    private @Nullable Day shifted() {
        int mark = cursor.mark();
        cursor.word("the");
        var amount = cursor.word("day") ? Unit.DAY.times(1) : only(amounts.amounts());
        int sign = amount == null || !amount.isDays() ? 0 : direction();
        var from = sign == 0 ? null : near();
        if (amount == null || from == null) {
            cursor.back(mark);
            return null;
        }
        return new Day.Shifted(
                from, sign > 0 ? amount.period() : amount.period().negated());
    }

    private int direction() {
        if (cursor.anyWord("from", "after") || cursor.word("on")) {
            return 1;
        }
        return cursor.word("before") ? -1 : 0;
    }

    private static @Nullable Amount only(List<Amount> amounts) {
        return amounts.size() == 1 ? amounts.getFirst() : null;
    }

    private @Nullable Day near() {
        var day = relative();
        if (day == null) {
            day = ofNextOrThis();
        }
        if (day == null) {
            day = weekday();
        }
        return day == null ? dates.date() : day;
    }

    private @Nullable Day relative() {
        if (cursor.word("today")) {
            return new Day.Offset(0);
        }
        if (cursor.oneOf(Words.TOMORROW) != null) {
            return new Day.Offset(1);
        }
        return cursor.word("yesterday") ? new Day.Offset(-1) : null;
    }

    /** Next week, next week on friday, next month on the 15th, this weekend. */
    private @Nullable Day ofNextOrThis() {
        int mark = cursor.mark();
        boolean next = cursor.word("next");
        if (!next && !cursor.word("this")) {
            return null;
        }
        Day day = null;
        if (cursor.word("week")) {
            cursor.word("on");
            var weekday = Words.weekday(cursor);
            day = weekday == null ? (next ? new Day.NextWeek() : null) : new Day.OfWeek(weekday, next ? 1 : 0);
        } else if (next && cursor.word("month")) {
            day = ofNextMonth();
        } else if (next && cursor.word("year")) {
            day = new Day.NextYear();
        } else if (!next && cursor.word("weekend")) {
            day = new Day.Weekend();
        }
        if (day == null) {
            cursor.back(mark);
        }
        return day;
    }

    private Day ofNextMonth() {
        int mark = cursor.mark();
        cursor.word("on");
        cursor.word("the");
        int number = Words.ordinal(cursor);
        if (number == NONE) {
            cursor.back(mark);
            return new Day.NextMonth();
        }
        return new Day.OfMonth(new Place.Number(number), new MonthRef.Relative(1));
    }

    /** Friday, this coming friday, friday next week, friday the 27th, Fri, 27 Nov 2026. */
    private @Nullable Day weekday() {
        int mark = cursor.mark();
        var which = which();
        var weekday = Words.weekday(cursor);
        // The last friday of a month is not the friday that was.
        boolean place = which == Which.LAST && (cursor.is("of") || cursor.is("in"));
        if (weekday == null || place) {
            cursor.back(mark);
            return null;
        }
        if (which != Which.BARE) {
            return new Day.Weekday(weekday, which);
        }
        var ofWeek = ofWeek(weekday);
        return ofWeek == null ? dated(weekday) : ofWeek;
    }

    private Which which() {
        if (cursor.words("this", "coming") || cursor.words("the", "coming") || cursor.word("coming")) {
            return Which.COMING;
        }
        if (cursor.word("this")) {
            return Which.THIS;
        }
        if (cursor.word("next")) {
            return Which.NEXT;
        }
        return cursor.word("last") ? Which.LAST : Which.BARE;
    }

    private @Nullable Day ofWeek(DayOfWeek weekday) {
        if (cursor.word("week")) {
            return new Day.Shifted(new Day.Weekday(weekday, Which.BARE), Period.ofWeeks(1));
        }
        int mark = cursor.mark();
        cursor.word("of");
        if (cursor.words("next", "week")) {
            return new Day.OfWeek(weekday, 1);
        }
        if (cursor.words("this", "week")) {
            return new Day.OfWeek(weekday, 0);
        }
        cursor.back(mark);
        return null;
    }

    private Day dated(DayOfWeek weekday) {
        int mark = cursor.mark();
        cursor.sign(',');
        var date = dates.date();
        if (date == null) {
            date = theNth();
        }
        if (date == null) {
            cursor.back(mark);
            return new Day.Weekday(weekday, Which.BARE);
        }
        return new Day.Checked(weekday, date);
    }

    private @Nullable Day theNth() {
        int mark = cursor.mark();
        int number = cursor.word("the") ? Words.ordinal(cursor) : NONE;
        if (number == NONE) {
            cursor.back(mark);
            return null;
        }
        return new Day.OfMonth(new Place.Number(number), new MonthRef.Any());
    }
}
