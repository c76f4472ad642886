package dev.carillon.scheduler.recurrence.store;

import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.scheduler.recurrence.RecurringSchedule;
import java.util.UUID;

/** A schedule with the trace that created it, which its messages continue. */
public record TracedSchedule(RecurringSchedule schedule, TraceContext trace) {
    public UUID id() {
        return schedule.id();
    }

    /** The same trace, a later state. */
    public TracedSchedule with(RecurringSchedule later) {
        return new TracedSchedule(later, trace);
    }
}
