package dev.carillon.scheduler.message.http;

import dev.carillon.kit.http.Instants;
import dev.carillon.kit.http.Zones;
import dev.carillon.kit.problem.Faults;
import dev.carillon.scheduler.message.Schedule;
import dev.carillon.scheduler.message.Timing;
import dev.carillon.scheduler.message.http.ScheduleMessageRequest.ScheduleRequest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads {@code schedule}: exactly one way to say when, and a zone by its IANA name. */
final class ScheduleReading {
    private static final Pattern WITH_OFFSET = Pattern.compile(".*(Z|z|[+-]\\d{2}:\\d{2})$");
    private static final Pattern ISO_DURATION = Pattern.compile("(P[^T]*)?(T.+)?");
    private static final String AT = "/schedule/at";

    private ScheduleReading() {}

    /** The timing; null when {@code faults} has got what is wrong. */
    static @Nullable Timing read(@Nullable ScheduleRequest request, Instant now, Faults faults) {
        if (request == null) {
            faults.add("/schedule", "is required");
            return null;
        }
        long ways = Stream.of(request.at(), request.in(), request.now(), request.phrase())
                .filter(Objects::nonNull)
                .count();
        if (ways != 1) {
            faults.add("/schedule", "takes exactly one of at, in and now");
            return null;
        }
        if (request.phrase() != null) {
            throw Faults.named(
                    "phrase-not-understood",
                    "The phrase is not understood",
                    "/schedule/phrase",
                    "Phrases are not understood here yet; say at, in or now");
        }
        var zone = request.zone() == null ? null : Zones.read("/schedule/zone", request.zone());
        var schedule = schedule(request, zone, faults);
        return schedule == null ? null : resolve(schedule, now);
    }

    private static @Nullable Schedule schedule(ScheduleRequest request, @Nullable ZoneId zone, Faults faults) {
        var zoneOrUtc = zone == null ? ZoneId.of("UTC") : zone;
        if (request.now() != null) {
            if (!request.now()) {
                faults.add("/schedule/now", "can only be true");
                return null;
            }
            return new Schedule.Now(zoneOrUtc);
        }
        return request.in() != null
                ? in(request.in(), zoneOrUtc, faults)
                : at(Objects.requireNonNull(request.at()), zone, faults);
    }

    private static @Nullable Schedule at(String at, @Nullable ZoneId zone, Faults faults) {
        try {
            if (WITH_OFFSET.matcher(at).matches()) {
                var instant = Instants.parseWithOffset(at);
                return new Schedule.At(instant.toInstant(), zone == null ? instant.getOffset() : zone);
            }
            var local = LocalDateTime.parse(at);
            if (zone == null) {
                faults.add("/schedule/zone", "is required with a local time; or give at an offset");
                return null;
            }
            return new Schedule.AtLocal(local, zone);
        } catch (DateTimeException malformed) {
            faults.add(AT, "is not a date and time of ISO 8601, such as 2026-11-27T09:00 or 2026-11-27T09:00:00+05:30");
            return null;
        }
    }

    private static @Nullable Schedule in(String in, ZoneId zone, Faults faults) {
        var parts = ISO_DURATION.matcher(in);
        try {
            if (!parts.matches() || parts.group(1) == null) {
                throw new DateTimeException("not a duration");
            }
            var period = parts.group(1).equals("P") ? Period.ZERO : Period.parse(parts.group(1));
            var duration = parts.group(2) == null ? Duration.ZERO : Duration.parse("P" + parts.group(2));
            if (parts.group(1).equals("P") && parts.group(2) == null) {
                throw new DateTimeException("empty");
            }
            if (period.isNegative() || duration.isNegative()) {
                faults.add("/schedule/in", "must not be negative");
                return null;
            }
            return new Schedule.In(period, duration, zone);
        } catch (DateTimeException | ArithmeticException malformed) {
            faults.add("/schedule/in", "is not a duration of ISO 8601, such as PT2H or P1D");
            return null;
        }
    }

    private static Timing resolve(Schedule schedule, Instant now) {
        return switch (schedule.resolve(now)) {
            case Schedule.Resolution.Resolved(Timing timing) -> timing;
            case Schedule.Resolution.InThePast(Instant dueAt) ->
                throw Faults.named(
                        "due-in-the-past",
                        "The instant is in the past",
                        AT,
                        "%s is before now (%s)".formatted(dueAt, now));
            case Schedule.Resolution.TooFar() ->
                throw Faults.named(
                        "due-too-far", "The instant is too far ahead", "/schedule", "At most 50 years ahead are taken");
        };
    }
}
