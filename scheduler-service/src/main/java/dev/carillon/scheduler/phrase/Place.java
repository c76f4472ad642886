package dev.carillon.scheduler.phrase;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/** Which day of a month. */
sealed interface Place {
    record Number(int day) implements Place {}

    record Last() implements Place {}

    /** @param nth from 1; -1 for the last */
    record Nth(int nth, DayOfWeek day) implements Place {}

    /** The day in {@code month}; null if it has none. */
    default @Nullable LocalDate in(YearMonth month) {
        return switch (this) {
            case Number(int day) -> month.isValidDay(day) ? month.atDay(day) : null;
            case Last() -> month.atEndOfMonth();
            case Nth(int nth, DayOfWeek day) -> nth < 0 ? lastOf(month, day) : nthOf(month, nth, day);
        };
    }

    /** Whether at least some month has it. */
    default boolean isPossible() {
        return !(this instanceof Number(int day)) || (day >= 1 && day <= 31);
    }

    private static LocalDate lastOf(YearMonth month, DayOfWeek day) {
        var end = month.atEndOfMonth();
        return end.minusDays(Math.floorMod(end.getDayOfWeek().getValue() - day.getValue(), 7));
    }

    private static @Nullable LocalDate nthOf(YearMonth month, int nth, DayOfWeek day) {
        var start = month.atDay(1);
        var date = start.plusDays(
                Math.floorMod(day.getValue() - start.getDayOfWeek().getValue(), 7) + 7L * (nth - 1));
        return date.getMonth() == month.getMonth() ? date : null;
    }
}
