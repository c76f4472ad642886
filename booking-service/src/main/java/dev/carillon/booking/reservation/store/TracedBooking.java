package dev.carillon.booking.reservation.store;

import dev.carillon.booking.reservation.Booking;
import dev.carillon.kit.telemetry.TraceContext;
import java.util.UUID;

/** A booking with the trace of the request that made it. */
public record TracedBooking(Booking booking, TraceContext trace) {
    public UUID id() {
        return booking.id();
    }

    /** The same trace, a later state. */
    public TracedBooking with(Booking later) {
        return new TracedBooking(later, trace);
    }
}
