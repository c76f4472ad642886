package dev.carillon.scheduler.recurrence;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A recurring schedule.
 *
 * @param revision counts the client's own changes, from 1
 * @param lastAt the instant after which it has no occurrence
 * @param decidedUntil every occurrence up to here has its message, or none by what was decided
 */
public record RecurringSchedule(
        UUID id,
        String tenant,
        State state,
        int revision,
        Definition definition,
        @Nullable Instant lastAt,
        Instant decidedUntil,
        Instant createdAt) {

    /** A new one: what comes after {@code now} is fired. */
    public static RecurringSchedule created(
            UUID id, String tenant, Definition definition, @Nullable Instant lastAt, Instant now) {
        return new RecurringSchedule(id, tenant, State.ACTIVE, 1, definition, lastAt, now, now);
    }

    public Occurrences occurrences(LocalTimes times) {
        return new Occurrences(times, definition.zonePolicy(), definition.firstAt(), lastAt);
    }

    /** With everything up to {@code until} decided; {@link State#ENDED} when nothing is left. */
    public RecurringSchedule decided(Instant until, boolean more) {
        return new RecurringSchedule(
                id, tenant, more ? State.ACTIVE : State.ENDED, revision, definition, lastAt, until, createdAt);
    }

    /** With another definition from {@code now} on. One that is paused stays so. */
    public RecurringSchedule changed(Definition later, @Nullable Instant laterLastAt, Instant now) {
        return new RecurringSchedule(
                id,
                tenant,
                state == State.PAUSED ? State.PAUSED : State.ACTIVE,
                revision + 1,
                later,
                laterLastAt,
                now,
                createdAt);
    }

    public RecurringSchedule paused(Instant now) {
        return in(State.PAUSED, now);
    }

    /** What came during the pause was skipped: what comes after {@code now} is fired. */
    public RecurringSchedule resumed(Instant now) {
        return in(State.ACTIVE, now);
    }

    private RecurringSchedule in(State next, Instant now) {
        return new RecurringSchedule(id, tenant, next, revision + 1, definition, lastAt, now, createdAt);
    }
}
