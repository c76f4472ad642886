package dev.carillon.scheduler.recurrence.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.scheduler.recurrence.Rule;
import dev.carillon.scheduler.recurrence.State;
import dev.carillon.scheduler.recurrence.store.TracedSchedule;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A schedule as clients see it.
 *
 * @param version the revision of the {@code ETag}: counts the client's own changes
 * @param startAt the instant of {@code localStartAt}
 * @param nextAt when it fires next; absent when it is paused or has ended
 * @param ruleFault why the rule, which an earlier version of the service understood, is not any more; it does not fire until it is changed
 * @param traceId the trace that created it and that its messages continue
 */
@RegisterForReflection
public record ScheduleView(
        UUID id,
        String status,
        int version,
        @Nullable String cron,
        @Nullable String rrule,
        String zone,
        Instant startAt,
        LocalDateTime localStartAt,
        @Nullable Instant endAt,
        @Nullable Integer count,
        String misfire,
        @Nullable Duration misfireWindow,
        String gap,
        String overlap,
        @Nullable Duration expiresAfter,
        ObjectNode message,
        @Nullable Instant nextAt,
        @Nullable String ruleFault,
        Instant createdAt,
        @Nullable String traceId) {

    static ScheduleView of(
            TracedSchedule traced, ObjectNode message, @Nullable Instant nextAt, @Nullable String ruleFault) {
        var schedule = traced.schedule();
        var definition = schedule.definition();
        var policy = definition.zonePolicy();
        return new ScheduleView(
                schedule.id(),
                schedule.state().wireName(),
                schedule.revision(),
                definition.rule() instanceof Rule.Cron(String text) ? text : null,
                definition.rule() instanceof Rule.RRule(String text) ? text : null,
                policy.zone().getId(),
                definition.startAt(),
                definition.start(),
                definition.endAt(),
                definition.count(),
                definition.misfire().wireName(),
                ScheduleDocuments.window(definition.misfire()),
                policy.gap().wireName(),
                policy.overlap().wireName(),
                definition.expiresAfter(),
                message,
                schedule.state() == State.ACTIVE ? nextAt : null,
                ruleFault,
                schedule.createdAt(),
                traced.trace().traceId());
    }
}
