package dev.carillon.scheduler.phrase;

import java.time.LocalTime;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads times of day. */
final class ClockGrammar {
    private static final Set<Integer> SPOKEN_MINUTES = Set.of(5, 10, 20, 25);
    private static final int NONE = -1;

    private final Cursor cursor;
    private boolean meridiemTaken;

    ClockGrammar(Cursor cursor) {
        this.cursor = cursor;
    }

    /** @param bare whether a number alone can be a time here, also without "at" before it */
    @Nullable Clock clock(boolean bare) {
        int mark = cursor.mark();
        boolean at = cursor.word("at") || cursor.sign('@');
        var clock = named();
        if (clock == null) {
            clock = pastOrTo();
        }
        if (clock == null) {
            clock = digits(at, bare);
        }
        if (clock == null) {
            clock = spelled(at || bare);
        }
        if (clock == null) {
            cursor.back(mark);
        }
        return clock;
    }

    private @Nullable Clock named() {
        int mark = cursor.mark();
        cursor.word("the");
        if (cursor.words("end", "of", "day") || cursor.words("end", "of", "the", "day") || cursor.word("eod")) {
            return Clock.AT_CLOSE;
        }
        cursor.back(mark);
        boolean twelve = cursor.peek().text().equals("12") && cursor.number(2, 2) == 12;
        if (cursor.word("noon") || (!twelve && cursor.word("midday"))) {
            return Clock.NOON;
        }
        if (cursor.word("midnight")) {
            return Clock.AT_MIDNIGHT;
        }
        cursor.back(mark);
        return null;
    }

    private @Nullable Clock pastOrTo() {
        int mark = cursor.mark();
        int minutes = spokenMinutes();
        boolean past = minutes != NONE && cursor.word("past");
        if (minutes == NONE || (!past && (minutes == 30 || !cursor.word("to")))) {
            cursor.back(mark);
            return null;
        }
        var hour = cursor.anyWord("noon", "midday") ? Clock.NOON : hourOnly();
        if (hour == null) {
            cursor.back(mark);
            return null;
        }
        return shifted(hour, past ? minutes : -minutes);
    }

    private int spokenMinutes() {
        int mark = cursor.mark();
        if (cursor.word("half")) {
            return 30;
        }
        boolean article = cursor.word("a");
        if (cursor.word("quarter")) {
            return 15;
        }
        boolean digits = cursor.peek().kind() == Token.Kind.NUMBER;
        int number = article ? NONE : Words.number(cursor);
        boolean named = cursor.anyWord("minutes", "mins");
        if (number < 1 || number > 59 || (!named && (digits || !SPOKEN_MINUTES.contains(number)))) {
            cursor.back(mark);
            return NONE;
        }
        return number;
    }

    private @Nullable Clock hourOnly() {
        int hour = Words.number(cursor);
        cursor.word("o'clock");
        return hour < 1 || hour > 12 ? null : twelve(hour, 0, 0);
    }

    private static @Nullable Clock shifted(Clock hour, int minutes) {
        int minute = hour.time().getHour() * 60 + minutes;
        if (hour.form() == Clock.Form.TWELVE && hour.time().getHour() == 1 && minutes < 0) {
            minute += 720;
        }
        return minute < 0 ? null : new Clock(hour.form(), LocalTime.of(minute / 60, minute % 60));
    }

    private @Nullable Clock digits(boolean at, boolean bare) {
        if (at
                && cursor.peek().kind() == Token.Kind.NUMBER
                && cursor.peek().text().length() == 4) {
            int hoursAndMinutes = cursor.number(4, 4);
            cursor.anyWord("hours", "hrs");
            return exact(hoursAndMinutes / 100, hoursAndMinutes % 100, 0);
        }
        boolean padded = cursor.peek().text().startsWith("0");
        int hour = cursor.number(1, 2);
        if (hour == NONE) {
            return null;
        }
        if (cursor.gluedSign(':')) {
            return colons(hour, padded);
        }
        if (cursor.peek().isSign('.') && cursor.peek().glued() && cursor.peek(1).kind() == Token.Kind.NUMBER) {
            return dotted(hour, padded, at);
        }
        if (cursor.peek().glued() && cursor.is("h") && cursor.peek(1).glued()) {
            cursor.skip();
            int minute = cursor.gluedNumber(2, 2);
            return minute == NONE ? null : exact(hour, minute, 0);
        }
        return hourAlone(hour, padded, at || bare);
    }

    private @Nullable Clock colons(int hour, boolean padded) {
        int minute = cursor.gluedNumber(2, 2);
        int second = 0;
        if (minute != NONE && cursor.gluedSign(':')) {
            second = cursor.gluedNumber(2, 2);
        }
        return minute == NONE || second == NONE ? null : timed(hour, minute, second, padded);
    }

    private @Nullable Clock dotted(int hour, boolean padded, boolean at) {
        cursor.skip();
        int minute = cursor.gluedNumber(2, 2);
        boolean date = cursor.peek().isSign('.')
                && cursor.peek().glued()
                && cursor.peek(1).kind() == Token.Kind.NUMBER;
        if (minute == NONE || date) {
            return null;
        }
        var clock = timed(hour, minute, 0, padded);
        return clock != null && (at || meridiemTaken) ? clock : null;
    }

    private @Nullable Clock hourAlone(int hour, boolean padded, boolean allowed) {
        boolean oclock = cursor.word("o'clock");
        var clock = timed(hour, 0, 0, padded);
        return hour != 0 && hour != 24 && (oclock || allowed || meridiemTaken) ? clock : null;
    }

    private @Nullable Clock timed(int hour, int minute, int second, boolean padded) {
        meridiemTaken = false;
        if (padded || hour == 0 || hour > 12) {
            var padAndMeridiem = padded && hour >= 1 && hour <= 12 ? meridiem() : null;
            return padAndMeridiem == null ? exact(hour, minute, second) : halved(hour, minute, second, padAndMeridiem);
        }
        return twelve(hour, minute, second);
    }

    private @Nullable Clock twelve(int hour, int minute, int second) {
        var pm = meridiem();
        if (minute > 59 || second > 59) {
            return null;
        }
        return pm == null
                ? new Clock(Clock.Form.TWELVE, LocalTime.of(hour, minute, second))
                : halved(hour, minute, second, pm);
    }

    private static @Nullable Clock halved(int hour, int minute, int second, boolean pm) {
        return exact(hour % 12 + (pm ? 12 : 0), minute, second);
    }

    private static @Nullable Clock exact(int hour, int minute, int second) {
        if (hour == 24 && minute == 0 && second == 0) {
            return Clock.AT_END;
        }
        return hour > 23 || minute > 59 || second > 59
                ? null
                : new Clock(Clock.Form.EXACT, LocalTime.of(hour, minute, second));
    }

    /** True for pm, false for am, null for neither. */
    private @Nullable Boolean meridiem() {
        meridiemTaken = true;
        if (cursor.word("am") || dots("a")) {
            return false;
        }
        if (cursor.word("pm") || dots("p")) {
            return true;
        }
        meridiemTaken = false;
        return null;
    }

    private boolean dots(String letter) {
        int mark = cursor.mark();
        if (cursor.word(letter) && cursor.gluedSign('.') && cursor.peek().glued() && cursor.word("m")) {
            cursor.gluedSign('.');
            return true;
        }
        return cursor.back(mark);
    }

    private @Nullable Clock spelled(boolean allowed) {
        int hour = Words.spelled(cursor);
        if (hour < 1 || hour > 12) {
            return null;
        }
        boolean oclock = cursor.word("o'clock");
        int minute = oclock ? NONE : Words.spelled(cursor);
        var clock = twelve(hour, minute == NONE ? 0 : minute, 0);
        boolean minuteIsOne = minute == NONE || (minute >= 10 && minute <= 59);
        return minuteIsOne && (oclock || allowed || meridiemTaken) ? clock : null;
    }
}
