package dev.carillon.scheduler.phrase;

import dev.carillon.scheduler.phrase.Reading.Moment;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The single instants that a phrase can mean in one zone. */
final class Moments {
    private final Draft draft;
    private final ZoneId zone;
    private final ZonedDateTime now;

    Moments(Draft draft, ZoneId zone, Instant reference) {
        this.draft = draft;
        this.zone = zone;
        this.now = reference.truncatedTo(ChronoUnit.MICROS).atZone(zone);
    }

    /** @param today the day from which days are counted: that of the zone, or of who speaks */
    List<Moment> from(LocalDate today) {
        if (draft.now) {
            return List.of(Moment.of(now.toInstant(), zone));
        }
        if (!draft.amounts.isEmpty()) {
            return draft.amounts.stream().flatMap(this::afterAmount).toList();
        }
        var times = Times.of(draft.clock(), draft.part, draft.tonight);
        var day = draft.day;
        if (day == null && draft.clock() != null && draft.clock().form() == Clock.Form.CLOSE) {
            day = new Day.Offset(0);
        }
        return day == null ? next(times) : on(day.dates(today), times);
    }

    private Stream<Moment> afterAmount(Amount amount) {
        int sign = draft.ago ? -1 : 1;
        var then = now.plus(amount.period().multipliedBy(sign))
                .plus(amount.duration().multipliedBy(sign));
        var clock = draft.clock();
        return clock == null
                ? Stream.of(Moment.of(then.toInstant(), zone))
                : on(List.of(then.toLocalDate()), Times.of(clock, null, false)).stream();
    }

    private List<Moment> on(List<LocalDate> dates, List<Times.Time> times) {
        var early = draft.tonight && now.getHour() < 5
                ? times.stream().map(time -> new Times.Time(time.time(), 0))
                : Stream.<Times.Time>of();
        var all = Stream.concat(times.stream(), early)
                .distinct()
                .flatMap(time -> dates.stream().map(time::on))
                .filter(local -> !isUsualTimeOfToday(local))
                .toList();
        // Of two readings on this very day, the one that is over cannot be meant.
        var ahead = all.stream().filter(local -> !isOverToday(local)).toList();
        return (ahead.isEmpty() ? all : ahead).stream().map(this::moment).toList();
    }

    /** "Today" alone says no time; and a day alone is not today once its usual time is over. */
    private boolean isUsualTimeOfToday(LocalDateTime local) {
        boolean untimed = draft.clocks.isEmpty() && draft.part == null;
        return untimed && (isOverToday(local) || (draft.day instanceof Day.Offset(int days) && days == 0));
    }

    private boolean isOverToday(LocalDateTime local) {
        return local.toLocalDate().equals(now.toLocalDate()) && local.isBefore(now.toLocalDateTime());
    }

    /** A time of day without a day: the next that the clocks show. */
    private List<Moment> next(List<Times.Time> times) {
        var clock = draft.clock();
        if (clock == null || times.isEmpty()) {
            return List.of();
        }
        var first = times.getFirst().time();
        boolean mistakable = clock.isPlain() && draft.part == null && !isAhead(first);
        var meant = Stream.concat(
                times.stream().map(Times.Time::time), mistakable ? evening(clock.opposite()) : Stream.of());
        return meant.distinct().map(this::next).toList();
    }

    /** At 10 o'clock, "at 9" can be nine in the evening, as long as that is before nine in the morning. */
    private Stream<LocalTime> evening(LocalTime opposite) {
        return isAhead(opposite) || opposite.getHour() == 0 ? Stream.of(opposite) : Stream.of();
    }

    private boolean isAhead(LocalTime time) {
        return time.isAfter(now.toLocalTime());
    }

    private Moment next(LocalTime time) {
        return moment(now.toLocalDate().plusDays(isAhead(time) ? 0 : 1).atTime(time));
    }

    private Moment moment(LocalDateTime local) {
        var notes = new ArrayList<String>();
        Assumptions.note(draft, local.toLocalTime(), notes);
        return Moment.of(local, zone, notes);
    }
}
