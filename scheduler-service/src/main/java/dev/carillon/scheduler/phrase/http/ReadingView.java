package dev.carillon.scheduler.phrase.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.carillon.scheduler.phrase.Reading;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can be meant.
 *
 * @param at of what recurs, the first
 * @param local the same as the clocks of {@code zone} show it
 * @param reading the meaning in words
 * @param rrule of what recurs, the rule of RFC 5545, whose DTSTART is {@code local}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
public record ReadingView(
        Instant at,
        LocalDateTime local,
        String zone,
        String reading,
        @Nullable String rrule) {

    public static ReadingView of(Reading reading) {
        return switch (reading) {
            case Reading.Moment moment ->
                new ReadingView(moment.at(), moment.local(), moment.zone().getId(), moment.words(), null);
            case Reading.Recurrence recurrence ->
                new ReadingView(
                        recurrence.firstAt(),
                        recurrence.first(),
                        recurrence.zone().getId(),
                        recurrence.words(),
                        recurrence.rrule());
        };
    }
}
