package dev.carillon.scheduler.reminder;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.regex.Pattern;

/**
 * How long before a start a reminder is due, such as {@code P1D}, {@code PT1H} or {@code P1DT2H}.
 *
 * @param iso as it was written
 */
public record ReminderTime(String iso, Period period, Duration duration) {
    private static final Pattern ISO = Pattern.compile("(P[^T]*)(T.+)?");

    /** @throws DateTimeException when it is no duration of ISO 8601 */
    public static ReminderTime parse(String iso) {
        var parts = ISO.matcher(iso);
        if (!parts.matches()) {
            throw new DateTimeException("not a duration: " + iso);
        }
        var date = parts.group(1);
        var time = parts.group(2);
        return new ReminderTime(
                iso,
                date.equals("P") && time != null ? Period.ZERO : Period.parse(date),
                time == null ? Duration.ZERO : Duration.parse("P" + time));
    }

    /** First the calendar part in {@code zone}, so that a day before is the same time of day, then the exact part. */
    Instant before(Instant start, ZoneId zone) {
        return start.atZone(zone).minus(period).minus(duration).toInstant();
    }
}
