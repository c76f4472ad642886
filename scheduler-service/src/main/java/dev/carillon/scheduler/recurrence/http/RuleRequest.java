package dev.carillon.scheduler.recurrence.http;

import dev.carillon.kit.http.Instants;
import dev.carillon.kit.http.Zones;
import dev.carillon.kit.problem.Faults;
import dev.carillon.scheduler.recurrence.Gap;
import dev.carillon.scheduler.recurrence.Overlap;
import dev.carillon.scheduler.recurrence.Rule;
import dev.carillon.scheduler.recurrence.ZonePolicy;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How rules, zones and times are read wherever a body has them. */
final class RuleRequest {
    private static final Pattern WITH_OFFSET = Pattern.compile(".*(Z|z|[+-]\\d{2}:\\d{2})$");
    private static final long FARTHEST_YEARS = 50;

    private RuleRequest() {}

    /** Null without one. */
    static @Nullable Rule rule(@Nullable String cron, @Nullable String rrule) {
        if (cron != null) {
            return new Rule.Cron(cron);
        }
        return rrule == null ? null : new Rule.RRule(rrule);
    }

    static String pointer(Rule rule) {
        return switch (rule) {
            case Rule.Cron _ -> "/cron";
            case Rule.RRule _ -> "/rrule";
        };
    }

    /** Null when {@code faults} has got what is wrong. */
    static @Nullable ZonePolicy policy(
            @Nullable String zone, @Nullable String gap, @Nullable String overlap, Faults faults) {
        var skipped = oneOf("/gap", gap, "shift", List.of("shift", "skip"), faults);
        var repeated = oneOf("/overlap", overlap, "first", List.of("first", "both"), faults);
        if (zone == null) {
            faults.add("/zone", "is required, such as Asia/Kolkata or UTC");
            return null;
        }
        return new ZonePolicy(Zones.read("/zone", zone), Gap.of(skipped), Overlap.of(repeated));
    }

    static String oneOf(String pointer, @Nullable String given, String absent, List<String> known, Faults faults) {
        if (given == null) {
            return absent;
        }
        if (!known.contains(given)) {
            faults.add(pointer, "must be one of " + String.join(", ", known));
            return absent;
        }
        return given;
    }

    /** A local time to the second, given as such or as an instant; {@code absent} without one. */
    static LocalDateTime local(
            String pointer, @Nullable String text, ZoneId zone, Instant absent, Instant now, Faults faults) {
        var instant = absent.truncatedTo(ChronoUnit.SECONDS);
        if (text == null) {
            return LocalDateTime.ofInstant(instant, zone);
        }
        try {
            var local = WITH_OFFSET.matcher(text).matches()
                    ? LocalDateTime.ofInstant(Instants.parse(text), zone)
                    : LocalDateTime.parse(text);
            var years = ChronoUnit.YEARS.between(LocalDateTime.ofInstant(now, zone), local);
            if (Math.abs(years) >= FARTHEST_YEARS) {
                faults.add(pointer, "is over %d years away".formatted(FARTHEST_YEARS));
            }
            return local.truncatedTo(ChronoUnit.SECONDS);
        } catch (DateTimeException malformed) {
            faults.add(pointer, "is not a date and time of ISO 8601, such as 2026-11-27T09:00 or 2026-11-27T09:00:00Z");
            return LocalDateTime.ofInstant(instant, zone);
        }
    }

    /** The instant of a start that {@link #local} has read; {@code absent} without one. */
    static Instant startAt(@Nullable String text, LocalDateTime local, ZoneId zone, Instant absent) {
        return text == null ? absent.truncatedTo(ChronoUnit.SECONDS) : instant(text, local, zone);
    }

    /**
     * The instant that {@code text} means, to the second. One that is given as such stays what it is: its local time may come twice.
     *
     * @param local what {@link #local} has read of it
     */
    static Instant instant(String text, LocalDateTime local, ZoneId zone) {
        try {
            return WITH_OFFSET.matcher(text).matches()
                    ? Instants.parse(text).truncatedTo(ChronoUnit.SECONDS)
                    : local.atZone(zone).toInstant();
        } catch (DateTimeException refusedBefore) {
            return local.atZone(zone).toInstant();
        }
    }
}
