package dev.carillon.scheduler.phrase;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.time.YearMonth;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * On which days, or how often, something recurs.
 *
 * @param weekdays of a weekly rule
 * @param places of a monthly or yearly rule
 * @param month of a yearly rule
 * @param onTheHour whether an hourly rule means full hours
 */
record Rule(
        Frequency frequency,
        int interval,
        SortedSet<DayOfWeek> weekdays,
        List<Place> places,
        @Nullable Month month,
        boolean onTheHour) {

    enum Frequency {
        MINUTELY("minute"),
        HOURLY("hour"),
        DAILY("day"),
        WEEKLY("week"),
        MONTHLY("month"),
        YEARLY("year");

        private final String unit;

        Frequency(String unit) {
            this.unit = unit;
        }

        String unit() {
            return unit;
        }
    }

    static Rule every(int interval, Frequency frequency) {
        return new Rule(frequency, interval, new TreeSet<>(), List.of(), null, false);
    }

    static Rule weekly(int interval, SortedSet<DayOfWeek> weekdays) {
        return new Rule(Frequency.WEEKLY, interval, weekdays, List.of(), null, false);
    }

    static Rule monthly(int interval, List<Place> places) {
        return new Rule(Frequency.MONTHLY, interval, new TreeSet<>(), places, null, false);
    }

    static Rule yearly(int interval, Month month, Place place) {
        return new Rule(Frequency.YEARLY, interval, new TreeSet<>(), List.of(place), month, false);
    }

    static Rule fullHours() {
        return new Rule(Frequency.HOURLY, 1, new TreeSet<>(), List.of(), null, true);
    }

    /** Whether it says which day; a weekly, monthly or yearly rule must. */
    boolean isWhole() {
        return switch (frequency) {
            case MINUTELY, HOURLY, DAILY -> true;
            case WEEKLY -> !weekdays.isEmpty();
            case MONTHLY, YEARLY -> !places.isEmpty();
        };
    }

    boolean isWithinDays() {
        return frequency == Frequency.MINUTELY || frequency == Frequency.HOURLY;
    }

    /** Whether the weeks count from Monday or from Sunday makes a difference. */
    boolean dependsOnTheWeeksStart() {
        return interval > 1 && weekdays.size() > 1 && weekdays.contains(DayOfWeek.SUNDAY);
    }

    /** The same rule, but each day one later; null where no rule can say that. */
    @Nullable Rule dayLater() {
        if (frequency == Frequency.DAILY) {
            return this;
        }
        if (frequency == Frequency.WEEKLY) {
            var later = new TreeSet<DayOfWeek>();
            weekdays.forEach(day -> later.add(day.plus(1)));
            return weekly(interval, later);
        }
        var later = places.stream()
                .map(place -> place instanceof Place.Number(int day) && day < 28 ? new Place.Number(day + 1) : null)
                .filter(Objects::nonNull)
                .toList();
        return later.size() < places.size()
                ? null
                : new Rule(frequency, interval, weekdays, List.copyOf(later), month, onTheHour);
    }

    /** The first of its days that is not before {@code base}; null if it has none for years. */
    @Nullable LocalDate firstFrom(LocalDate base) {
        return switch (frequency) {
            case MINUTELY, HOURLY, DAILY -> base;
            case WEEKLY ->
                IntStream.range(0, 7)
                        .mapToObj(base::plusDays)
                        .filter(date -> weekdays.contains(date.getDayOfWeek()))
                        .findFirst()
                        .orElse(null);
            case MONTHLY ->
                firstOf(
                        base,
                        Stream.iterate(YearMonth.from(base), one -> one.plusMonths(1))
                                .limit(24));
            case YEARLY ->
                firstOf(
                        base,
                        Stream.iterate(
                                        YearMonth.of(base.getYear(), Objects.requireNonNull(month)),
                                        one -> one.plusYears(1))
                                .limit(9));
        };
    }

    private @Nullable LocalDate firstOf(LocalDate base, Stream<YearMonth> months) {
        return months.flatMap(one -> places.stream()
                        .map(place -> place.in(one))
                        .filter(Objects::nonNull)
                        .sorted())
                .filter(date -> !date.isBefore(base))
                .findFirst()
                .orElse(null);
    }
}
