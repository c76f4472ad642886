package dev.carillon.scheduler.recurrence.http;

import dev.carillon.scheduler.recurrence.Occurrence;
import dev.carillon.scheduler.recurrence.ZonePolicy;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * One occurrence as clients see it.
 *
 * @param local what the clocks of {@code zone} show at {@code at}
 * @param reading the same in words, with what clocks do at that time
 */
@RegisterForReflection
public record OccurrenceView(Instant at, LocalDateTime local, String zone, String reading) {
    private static final DateTimeFormatter WORDS =
            DateTimeFormatter.ofPattern("EEEE, d MMMM uuuu, HH:mm:ss (xxx)", Locale.ENGLISH);

    public static OccurrenceView of(Occurrence occurrence, ZonePolicy policy) {
        var at = occurrence.at().atZone(policy.zone());
        return new OccurrenceView(
                occurrence.at(), at.toLocalDateTime(), policy.zone().getId(), WORDS.format(at) + clocks(occurrence));
    }

    private static String clocks(Occurrence occurrence) {
        return switch (occurrence.fold()) {
            case PLAIN -> "";
            case FIRST -> ", the first of two such times: clocks are put back";
            case SECOND -> ", the second of two such times: clocks are put back";
            case SHIFTED ->
                ", shifted from " + occurrence.local().toLocalTime() + ", which clocks skip: they are put forward";
        };
    }
}
