package dev.carillon.scheduler.phrase;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a time of day and a part of the day mean together. */
final class Times {
    static final LocalTime USUAL = LocalTime.of(9, 0);

    /** @param days how many days after the one that was named */
    record Time(LocalTime time, int days) {
        LocalDateTime on(LocalDate date) {
            return date.plusDays(days).atTime(time);
        }
    }

    private Times() {}

    /** The times that can be meant; none if clock and part contradict each other. */
    static List<Time> of(@Nullable Clock clock, @Nullable DayPart part, boolean night) {
        if (clock == null) {
            return List.of(new Time(part == null ? USUAL : part.usual(), 0));
        }
        return part == null ? of(clock) : ofPart(clock, part, night);
    }

    private static List<Time> of(Clock clock) {
        var time = new Time(clock.time(), 0);
        return switch (clock.form()) {
            case EXACT -> List.of(time);
            case TWELVE -> clock.isPlain() ? List.of(time) : List.of(time, new Time(clock.opposite(), 0));
            case MIDNIGHT -> List.of(time, new Time(clock.time(), 1));
            case END -> List.of(new Time(clock.time(), 1));
            case CLOSE -> List.of(time, new Time(LocalTime.MIDNIGHT, 1));
        };
    }

    private static List<Time> ofPart(Clock clock, DayPart part, boolean night) {
        return switch (clock.form()) {
            case EXACT ->
                part.has(clock.time())
                        ? List.of(new Time(clock.time(), 0))
                        : night && part == DayPart.NIGHT && clock.time().getHour() < 5
                                ? List.of(new Time(clock.time(), 1))
                                : List.of();
            case TWELVE ->
                Stream.of(clock.time(), clock.opposite())
                        .filter(part::has)
                        .map(time -> new Time(time, 0))
                        .toList();
            case MIDNIGHT, END -> part == DayPart.NIGHT ? List.of(new Time(clock.time(), 1)) : List.of();
            case CLOSE -> List.of();
        };
    }
}
