package dev.carillon.scheduler.phrase;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.time.Period;
import java.time.YearMonth;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A day as it was said. */
sealed interface Day {
    record Offset(int days) implements Day {}

    record Exact(LocalDate date) implements Day {}

    record Weekday(DayOfWeek day, Which which) implements Day {}

    /** A weekday of this week or a later one. */
    record OfWeek(DayOfWeek day, int weeks) implements Day {}

    record OfMonth(Place place, MonthRef month) implements Day {}

    /** Written in figures, of which it is not said which is the month. */
    record Figures(int one, int other, @Nullable Integer year) implements Day {}

    record EndOfWeek(int weeks) implements Day {}

    record StartOfYear(int years) implements Day {}

    record EndOfYear() implements Day {}

    record NextWeek() implements Day {}

    record NextMonth() implements Day {}

    record NextYear() implements Day {}

    record Weekend() implements Day {}

    record Shifted(Day from, Period by) implements Day {}

    /** {@code date} must be a {@code weekday}, or it is a mistake. */
    record Checked(DayOfWeek weekday, Day date) implements Day {}

    enum Which {
        /** Today or the one after: which, only the time of day can tell. */
        BARE,
        THIS,
        COMING,
        NEXT,
        LAST
    }

    /** The dates that can be meant, seen from {@code today}; none if there is no such day. */
    default List<LocalDate> dates(LocalDate today) {
        return switch (this) {
            case Offset(int days) -> List.of(today.plusDays(days));
            case Exact(LocalDate date) -> List.of(date);
            case Weekday(DayOfWeek day, Which which) -> weekdays(today, day, which);
            case OfWeek(DayOfWeek day, int weeks) -> ofWeek(today, day, weeks);
            case OfMonth(Place place, MonthRef month) ->
                Stream.ofNullable(ofMonth(today, place, month)).toList();
            case Figures(int one, int other, Integer year) -> figures(today, one, other, year);
            case EndOfWeek(int weeks) ->
                Stream.concat(
                                ofWeek(today, DayOfWeek.FRIDAY, weeks).stream(),
                                Stream.of(monday(today, weeks).plusDays(6)))
                        .distinct()
                        .toList();
            case StartOfYear(int years) -> List.of(LocalDate.of(today.getYear() + years, 1, 1));
            case EndOfYear() -> List.of(LocalDate.of(today.getYear(), 12, 31));
            case NextWeek() -> either(monday(today, 1), today.plusWeeks(1));
            case NextMonth() -> either(YearMonth.from(today).plusMonths(1).atDay(1), today.plusMonths(1));
            case NextYear() -> either(LocalDate.of(today.getYear() + 1, 1, 1), today.plusYears(1));
            case Weekend() ->
                List.of(monday(today, 0).plusDays(5), monday(today, 0).plusDays(6));
            case Shifted(Day from, Period by) ->
                from.dates(today).stream().map(date -> date.plus(by)).toList();
            case Checked(DayOfWeek weekday, Day date) ->
                date.dates(today).stream()
                        .filter(one -> one.getDayOfWeek() == weekday)
                        .toList();
        };
    }

    private static List<LocalDate> weekdays(LocalDate today, DayOfWeek day, Which which) {
        var onOrAfter = today.with(TemporalAdjusters.nextOrSame(day));
        var after = today.with(TemporalAdjusters.next(day));
        return switch (which) {
            case BARE -> either(onOrAfter, after);
            case THIS -> List.of(onOrAfter);
            case COMING -> List.of(after);
            case NEXT ->
                Stream.concat(Stream.of(after), ofWeek(today, day, 1).stream())
                        .distinct()
                        .toList();
            case LAST -> List.of(today.with(TemporalAdjusters.previous(day)));
        };
    }

    /** By weeks that begin on Monday and by weeks that begin on Sunday. */
    private static List<LocalDate> ofWeek(LocalDate today, DayOfWeek day, int weeks) {
        var sunday =
                today.with(TemporalAdjusters.previousOrSame(DayOfWeek.SUNDAY)).plusWeeks(weeks);
        return either(monday(today, weeks).plusDays(day.getValue() - 1L), sunday.plusDays(day.getValue() % 7));
    }

    private static LocalDate monday(LocalDate today, int weeks) {
        return today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)).plusWeeks(weeks);
    }

    private static @Nullable LocalDate ofMonth(LocalDate today, Place place, MonthRef ref) {
        return switch (ref) {
            case MonthRef.Relative(int months) -> place.in(YearMonth.from(today).plusMonths(months));
            case MonthRef.OfYear(Month month, int year) -> place.in(YearMonth.of(year, month));
            case MonthRef.Named(Month month) -> {
                var date = place.in(YearMonth.of(today.getYear(), month));
                boolean over = date == null ? month.getValue() < today.getMonthValue() : date.isBefore(today);
                yield over ? place.in(YearMonth.of(today.getYear() + 1, month)) : date;
            }
            case MonthRef.Any() ->
                Stream.iterate(YearMonth.from(today), month -> month.plusMonths(1))
                        .limit(3)
                        .map(place::in)
                        .filter(Objects::nonNull)
                        .filter(date -> !date.isBefore(today))
                        .findFirst()
                        .orElse(null);
        };
    }

    private static List<LocalDate> figures(LocalDate today, int one, int other, @Nullable Integer year) {
        return Stream.of(figure(today, one, other, year), figure(today, other, one, year))
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    private static @Nullable LocalDate figure(LocalDate today, int month, int day, @Nullable Integer year) {
        if (month < 1 || month > 12) {
            return null;
        }
        var named = Month.of(month);
        return ofMonth(
                today,
                new Place.Number(day),
                year == null ? new MonthRef.Named(named) : new MonthRef.OfYear(named, year));
    }

    private static List<LocalDate> either(LocalDate one, LocalDate other) {
        return one.equals(other) ? List.of(one) : List.of(one, other);
    }
}
