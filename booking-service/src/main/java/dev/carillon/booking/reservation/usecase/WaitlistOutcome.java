package dev.carillon.booking.reservation.usecase;

import dev.carillon.booking.reservation.WaitlistStatus;
import dev.carillon.booking.reservation.store.TracedEntry;
import java.util.UUID;

/** What a wish about a waitlist came to. */
public sealed interface WaitlistOutcome {
    /** As it stands now; also when it stood so before. */
    record Done(TracedEntry entry) implements WaitlistOutcome {}

    /** Its state does not allow it. */
    record Refused(WaitlistStatus from, WaitlistStatus to, String why) implements WaitlistOutcome {}

    /** There is no such slot, or resource. */
    record NothingToWaitFor(String what, UUID id) implements WaitlistOutcome {}

    record NoSuchEntry() implements WaitlistOutcome {}

    /** The slot takes no bookings any more. */
    record SlotClosed(String why) implements WaitlistOutcome {}

    /** What was offered could not be accepted or declined, or the key was seen before. */
    record OfOffer(Outcome outcome) implements WaitlistOutcome {}
}
