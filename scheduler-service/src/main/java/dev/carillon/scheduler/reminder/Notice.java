package dev.carillon.scheduler.reminder;

import dev.carillon.scheduler.message.Schedule;
import dev.carillon.scheduler.message.Timing;
import java.time.Instant;
import java.util.Optional;

/** Something to be said to a booking's customer; all but a cancellation before its start, and an offer while it stands, when it would be no news any more. */
public sealed interface Notice {
    /** The template without which nobody is written to who did not come. */
    String FOLLOW_UP = "noShow";

    Timing timing();

    record Confirmation(Timing timing) implements Notice {}

    record Reminder(Timing timing, ReminderTime before) implements Notice {}

    /** @param from when the booking would have started */
    record Moved(Timing timing, Instant from) implements Notice {}

    record Cancelled(Timing timing) implements Notice {}

    /** @param until when the places are no longer offered */
    record Offer(Timing timing, Instant until) implements Notice {}

    /** The booked time is no longer offered; the booking stands. */
    record SlotClosed(Timing timing) implements Notice {}

    /**
     * Nobody came.
     *
     * @param until when it is too late to say so
     */
    record FollowUp(Timing timing, Instant until) implements Notice {}

    /** What the message says that it is for, in its metadata. */
    default String purpose() {
        return switch (this) {
            case Confirmation ignored -> "confirmation";
            case Reminder ignored -> "reminder";
            case Moved ignored -> "moved";
            case Cancelled ignored -> "cancelled";
            case Offer ignored -> "offer";
            case SlotClosed ignored -> "slot-closed";
            case FollowUp ignored -> "no-show";
        };
    }

    /** What the resource's template for it is called. */
    default String template() {
        return switch (this) {
            case SlotClosed ignored -> "slotClosed";
            case FollowUp ignored -> FOLLOW_UP;
            case Confirmation ignored -> purpose();
            case Reminder ignored -> purpose();
            case Moved ignored -> purpose();
            case Cancelled ignored -> purpose();
            case Offer ignored -> purpose();
        };
    }

    /** A reminder of {@code booking}; empty when its instant has passed, or does not come before the start. */
    static Optional<Notice> reminder(Booking booking, ReminderTime before, Instant now) {
        var due = before.before(booking.startAt(), booking.resourceZone());
        if (!due.isBefore(booking.startAt())) {
            return Optional.empty();
        }
        return switch (new Schedule.At(due, booking.resourceZone()).resolve(now)) {
            case Schedule.Resolution.Resolved(Timing timing) -> Optional.of(new Reminder(timing, before));
            case Schedule.Resolution.InThePast ignored -> Optional.empty();
            case Schedule.Resolution.TooFar() -> Optional.empty();
        };
    }

    /** At once. */
    static Timing now(Booking booking, Instant now) {
        return switch (new Schedule.Now(booking.customerZone()).resolve(now)) {
            case Schedule.Resolution.Resolved(Timing timing) -> timing;
            case Schedule.Resolution.InThePast ignored -> throw new IllegalStateException("Now is not past");
            case Schedule.Resolution.TooFar() -> throw new IllegalStateException("Now is not far");
        };
    }
}
