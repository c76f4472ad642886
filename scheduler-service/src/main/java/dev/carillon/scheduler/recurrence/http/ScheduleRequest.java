package dev.carillon.scheduler.recurrence.http;

import dev.carillon.scheduler.message.http.ScheduleMessageRequest;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/schedules}, as it comes; {@link DefinitionReading} gives it its meaning or says what is wrong.
 *
 * @param startAt a local time, or an instant
 * @param endAt likewise; the last instant that counts
 * @param misfireWindow how long ago what is caught up with may have been missed
 * @param message a message without {@code schedule} and {@code expiresAt}
 */
@RegisterForReflection
public record ScheduleRequest(
        @Nullable String cron,
        @Nullable String rrule,
        @Nullable String phrase,
        @Nullable String zone,
        @Nullable String startAt,
        @Nullable String endAt,
        @Nullable Integer count,
        @Nullable String misfire,
        @Nullable String misfireWindow,
        @Nullable String gap,
        @Nullable String overlap,
        @Nullable String expiresAfter,
        @Nullable ScheduleMessageRequest message) {}
