package dev.carillon.booking.reservation.store;

import dev.carillon.booking.reservation.WaitlistEntry;
import dev.carillon.kit.telemetry.TraceContext;
import java.util.UUID;

/** An entry of a waitlist with the trace of the request that made it. */
public record TracedEntry(WaitlistEntry entry, TraceContext trace) {
    public UUID id() {
        return entry.id();
    }

    /** The same trace, a later state. */
    public TracedEntry with(WaitlistEntry later) {
        return new TracedEntry(later, trace);
    }
}
