package dev.carillon.scheduler.message.http;

import dev.carillon.kit.http.Instants;
import dev.carillon.kit.http.Zones;
import dev.carillon.kit.problem.Faults;
import dev.carillon.scheduler.message.Schedule;
import dev.carillon.scheduler.message.Timing;
import dev.carillon.scheduler.message.http.ScheduleMessageRequest.ScheduleRequest;
import dev.carillon.scheduler.phrase.Reading;
import dev.carillon.scheduler.phrase.http.PhraseReading;
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
public final class ScheduleReading {
    private static final Pattern WITH_OFFSET = Pattern.compile(".*(Z|z|[+-]\\d{2}:\\d{2})$");
    private static final Pattern ISO_DURATION = Pattern.compile("(P[^T]*)?(T.+)?");

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
            faults.add("/schedule", "takes exactly one of at, phrase, in and now");
            return null;
        }
        var zone = request.zone() == null ? null : Zones.read("/schedule/zone", request.zone());
        var schedule = request.phrase() == null
                ? schedule(request, zone, faults)
                : phrase(request.phrase(), zone, now, faults);
        return schedule == null ? null : resolve("/schedule", schedule, now);
    }

    /**
     * What {@code at} means, a local time or one with its offset; null when {@code faults} has got what is wrong.
     *
     * @param pointer where {@code at} and {@code zone} stand
     */
    public static Reading.@Nullable Moment at(
            String pointer, String at, @Nullable String zone, Instant now, Faults faults) {
        var known = zone == null ? null : Zones.read(pointer + "/zone", zone);
        var schedule = at(pointer, at, known, faults);
        if (schedule == null) {
            return null;
        }
        var timing = resolve(pointer, schedule, now);
        return schedule instanceof Schedule.AtLocal(LocalDateTime local, ZoneId of)
                ? Reading.Moment.of(local, of)
                : Reading.Moment.of(timing.dueAt(), timing.zone());
    }

    private static @Nullable Schedule phrase(String phrase, @Nullable ZoneId zone, Instant now, Faults faults) {
        if (zone == null) {
            faults.add("/schedule/zone", "is required with a phrase");
            return null;
        }
        var moment = PhraseReading.moment("/schedule/phrase", phrase, zone, now);
        return new Schedule.At(moment.at(), moment.zone());
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
                : at("/schedule", Objects.requireNonNull(request.at()), zone, faults);
    }

    private static @Nullable Schedule at(String pointer, String at, @Nullable ZoneId zone, Faults faults) {
        try {
            if (WITH_OFFSET.matcher(at).matches()) {
                var instant = Instants.parseWithOffset(at);
                return new Schedule.At(instant.toInstant(), zone == null ? instant.getOffset() : zone);
            }
            var local = LocalDateTime.parse(at);
            if (zone == null) {
                faults.add(pointer + "/zone", "is required with a local time; or give at an offset");
                return null;
            }
            return new Schedule.AtLocal(local, zone);
        } catch (DateTimeException malformed) {
            faults.add(
                    pointer + "/at",
                    "is not a date and time of ISO 8601, such as 2026-11-27T09:00 or 2026-11-27T09:00:00+05:30");
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

    private static Timing resolve(String pointer, Schedule schedule, Instant now) {
        return switch (schedule.resolve(now)) {
            case Schedule.Resolution.Resolved(Timing timing) -> timing;
            case Schedule.Resolution.InThePast(Instant dueAt) ->
                throw Faults.named(
                        "due-in-the-past",
                        "The instant is in the past",
                        pointer + "/at",
                        "%s is before now (%s)".formatted(dueAt, now));
            case Schedule.Resolution.TooFar() ->
                throw Faults.named(
                        "due-too-far", "The instant is too far ahead", pointer, "At most 50 years ahead are taken");
        };
    }
}
