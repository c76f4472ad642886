package dev.carillon.booking.reservation.usecase;

import dev.carillon.booking.reservation.Booking.Transition;
import dev.carillon.booking.reservation.store.TracedBooking;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import java.time.Instant;
import java.util.UUID;

/** What a wish about a booking came to. */
public sealed interface Outcome {
    /** As it stands now; also when it stood so before. */
    record Done(TracedBooking booking) implements Outcome {}

    /** Its state does not allow it. */
    record Refused(Transition.Refused transition) implements Outcome {}

    /** @param available places that are left, fewer than were wanted */
    record SlotFull(int available) implements Outcome {}

    record SlotClosed(String why) implements Outcome {}

    /** The customer has as many bookings ahead as the resource allows. */
    record CustomerLimit(int most) implements Outcome {}

    /** @param until when its customer could have changed it at the latest */
    record NoticeTooShort(Instant until) implements Outcome {}

    /** Others have the slot locked, the booking, or the customer's bookings of the resource, for longer than is waited; nothing was done. */
    record SlotLocked() implements Outcome {}

    record NoSuchSlot(UUID id) implements Outcome {}

    record NoSuchBooking() implements Outcome {}

    /** The client meant another revision than {@code actual}. */
    record OtherRevision(int actual) implements Outcome {}

    /** The key was seen before; nothing was done now. */
    record Decided(Verdict verdict) implements Outcome {}
}
