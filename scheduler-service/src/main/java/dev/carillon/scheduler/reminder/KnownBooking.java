package dev.carillon.scheduler.reminder;

import java.time.Instant;
import java.util.UUID;

/**
 * What was last applied of a booking; stays when the booking has ended.
 *
 * @param slotClosed whether its slot took no bookings any more
 * @param version 0 when nothing was
 */
public record KnownBooking(
        UUID id, long version, BookingStatus status, int sequence, Instant startAt, boolean slotClosed) {

    /** What is known once {@code told} is applied. */
    public static KnownBooking of(Booking told) {
        return new KnownBooking(
                told.id(), told.version(), told.status(), told.sequence(), told.startAt(), told.slotClosed());
    }

    /** Whether {@code told} is later than this. */
    public boolean isOlderThan(Booking told) {
        return version < told.version();
    }
}
