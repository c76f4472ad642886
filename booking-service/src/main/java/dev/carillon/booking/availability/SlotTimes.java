package dev.carillon.booking.availability;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The times of a resource's slots.
 *
 * <p>Opening hours are wall-clock times: in a gap (the clock springs forward) they are shifted by its length, in an overlap (it falls back) the first
 * of both is meant. Between them slots follow each other in elapsed time, so that on both days of a clock change every slot has its full length,
 * and no two overlap.
 */
public final class SlotTimes {
    /** A slot to be: [startAt, endAt). */
    public record SlotTime(Instant startAt, Instant endAt) {}

    private record Hours(LocalTime opensAt, Duration closesAfter) {}

    private SlotTimes() {}

    /**
     * The slots that begin on the local days of [first, end), in order. None begins before the one before it has ended: where hours overlap, or are
     * shifted into others by a clock change, the earlier slot stays.
     *
     * @param most when there are more, those of the first days that have more than so many
     */
    public static List<SlotTime> of(Resource resource, LocalDate first, LocalDate end, int most) {
        var slots = new ArrayList<SlotTime>();
        for (var day = first; day.isBefore(end) && slots.size() <= most; day = day.plusDays(1)) {
            for (var slot : startingOn(resource, day)) {
                if (slots.isEmpty() || !slot.startAt.isBefore(slots.getLast().endAt)) {
                    slots.add(slot);
                }
            }
        }
        return List.copyOf(slots);
    }

    private static List<SlotTime> startingOn(Resource resource, LocalDate day) {
        var slots = new ArrayList<SlotTime>();
        for (var hours : hoursOn(resource, day)) {
            slots.addAll(between(resource, opening(resource, day, hours), closing(resource, day, hours)));
        }
        slots.sort(Comparator.comparing(SlotTime::startAt));
        return slots;
    }

    private static List<Hours> hoursOn(Resource resource, LocalDate day) {
        var exceptions = resource.exceptions().stream()
                .filter(exception -> exception.date().equals(day))
                .toList();
        if (exceptions.isEmpty()) {
            return resource.weekly().stream()
                    .filter(opening -> opening.day() == day.getDayOfWeek())
                    .map(opening -> new Hours(opening.opensAt(), opening.closesAfter()))
                    .toList();
        }
        return exceptions.stream()
                .filter(DayException.Open.class::isInstance)
                .map(DayException.Open.class::cast)
                .map(open -> new Hours(open.opensAt(), open.closesAfter()))
                .toList();
    }

    private static Instant opening(Resource resource, LocalDate day, Hours hours) {
        return ZonedDateTime.of(day, hours.opensAt, resource.zone()).toInstant();
    }

    private static Instant closing(Resource resource, LocalDate day, Hours hours) {
        return day.atStartOfDay()
                .plus(hours.closesAfter)
                .atZone(resource.zone())
                .toInstant();
    }

    private static List<SlotTime> between(Resource resource, Instant opens, Instant closes) {
        var slots = new ArrayList<SlotTime>();
        var start = opens;
        for (var end = start.plus(resource.slotLength());
                !end.isAfter(closes);
                end = start.plus(resource.slotLength())) {
            slots.add(new SlotTime(start, end));
            start = end.plus(resource.buffer());
        }
        return slots;
    }
}
