package dev.carillon.booking.reservation.http;

import dev.carillon.booking.availability.Resource;
import dev.carillon.kit.http.Queries;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which of a resource's bookings are asked for: those that start in [from, to). */
record CalendarWindow(Instant from, Instant to) {
    private static final Duration BACK = Duration.ofDays(30);
    /** More than the longest horizon and {@link #BACK}. */
    private static final Duration LONGEST = Duration.ofDays(500);

    /** From 30 days ago to the resource's horizon, where nothing else is said. */
    static CalendarWindow read(@Nullable String from, @Nullable String to, Resource resource, Instant now) {
        var first = Objects.requireNonNullElse(Queries.instant("from", from), now.minus(BACK));
        var end = Objects.requireNonNullElseGet(
                Queries.instant("to", to),
                () -> resource.horizonAt(now).atStartOfDay(resource.zone()).toInstant());
        if (!first.isBefore(end)) {
            throw refused(from == null ? "to" : "from", "leaves no time: from is " + first + " and to is " + end);
        }
        if (Duration.between(first, end).compareTo(LONGEST) > 0) {
            throw refused(to == null ? "from" : "to", "is more than " + LONGEST.toDays() + " days from the other");
        }
        return new CalendarWindow(first, end);
    }

    private static ProblemException refused(String parameter, String detail) {
        return new ProblemException(Problem.malformed(
                "invalid-parameter", "A parameter is not valid", new Problem.FieldError(parameter, detail)));
    }
}
