package dev.carillon.scheduler.phrase;

import static java.util.Map.entry;

import java.time.Duration;
import java.time.Period;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A unit of time, and what a half and a quarter of it are where that is certain. */
enum Unit {
    SECOND(1, 0, 100_000),
    MINUTE(60, 0, 100_000),
    HOUR(3600, 0, 10_000),
    DAY(0, 1, 20_000),
    WEEK(0, 7, 3_000),
    FORTNIGHT(0, 14, 1_000),
    MONTH(0, 0, 600),
    YEAR(0, 0, 50);

    static final Map<String, Unit> NAMES = Map.ofEntries(
            entry("second", SECOND),
            entry("seconds", SECOND),
            entry("sec", SECOND),
            entry("secs", SECOND),
            entry("s", SECOND),
            entry("minute", MINUTE),
            entry("minutes", MINUTE),
            entry("min", MINUTE),
            entry("mins", MINUTE),
            entry("hour", HOUR),
            entry("hours", HOUR),
            entry("hr", HOUR),
            entry("hrs", HOUR),
            entry("h", HOUR),
            entry("day", DAY),
            entry("days", DAY),
            entry("d", DAY),
            entry("week", WEEK),
            entry("weeks", WEEK),
            entry("wk", WEEK),
            entry("wks", WEEK),
            entry("w", WEEK),
            entry("month", MONTH),
            entry("months", MONTH),
            entry("year", YEAR),
            entry("years", YEAR),
            entry("yr", YEAR),
            entry("yrs", YEAR),
            entry("y", YEAR),
            entry("minute's", MINUTE),
            entry("minutes'", MINUTE),
            entry("hour's", HOUR),
            entry("hours'", HOUR),
            entry("day's", DAY),
            entry("days'", DAY),
            entry("week's", WEEK),
            entry("weeks'", WEEK),
            entry("month's", MONTH),
            entry("months'", MONTH),
            entry("year's", YEAR),
            entry("years'", YEAR),
            entry("fortnight", FORTNIGHT),
            entry("fortnights", FORTNIGHT));

    private final int seconds;
    private final int days;
    private final int most;

    Unit(int seconds, int days, int most) {
        this.seconds = seconds;
        this.days = days;
        this.most = most;
    }

    /** Null if it is more than is taken. */
    @Nullable Amount times(int count) {
        if (count < 0 || count > most) {
            return null;
        }
        return switch (this) {
            case SECOND, MINUTE, HOUR -> new Amount(Period.ZERO, Duration.ofSeconds((long) seconds * count));
            case DAY, WEEK, FORTNIGHT -> new Amount(Period.ofDays(days * count), Duration.ZERO);
            case MONTH -> new Amount(Period.ofMonths(count), Duration.ZERO);
            case YEAR -> new Amount(Period.ofYears(count), Duration.ZERO);
        };
    }

    /** So many quarters of it, up to three; null where nobody could tell how long that is. */
    @Nullable Amount quarters(int count) {
        return switch (this) {
            case MINUTE, HOUR -> new Amount(Period.ZERO, Duration.ofSeconds(seconds / 4L * count));
            case DAY -> count == 2 ? new Amount(Period.ZERO, Duration.ofHours(12)) : null;
            case YEAR -> new Amount(Period.ofMonths(3 * count), Duration.ZERO);
            case SECOND, WEEK, FORTNIGHT, MONTH -> null;
        };
    }
}
