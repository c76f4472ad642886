package dev.carillon.scheduler.reminder;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * What is to be done for a booking, from what was known of it and what is told now.
 *
 * @param endsEarlier whether every message of the booking that has not ended is to end
 * @param notices what is to be sent
 */
public record ReminderPlan(boolean endsEarlier, List<Notice> notices) {
    private static final ReminderPlan NOTHING = new ReminderPlan(false, List.of());

    /** Depends on the two states alone and not on the events between them, any of which may never have come. */
    public static ReminderPlan of(KnownBooking known, Booking told, Instant now) {
        if (!known.isOlderThan(told)) {
            return NOTHING;
        }
        return switch (told.status()) {
            case PROPOSED -> offered(known, told, now);
            case PENDING -> new ReminderPlan(known.status() == BookingStatus.BOOKED, List.of());
            case BOOKED -> booked(known, told, now);
            case CANCELLED -> cancelled(known, told, now);
        };
    }

    private static ReminderPlan offered(KnownBooking known, Booking told, Instant now) {
        var until = told.offeredUntil();
        return known.status() == BookingStatus.PROPOSED || until == null || !until.isAfter(now)
                ? NOTHING
                : new ReminderPlan(false, List.of(new Notice.Offer(Notice.now(told, now), until)));
    }

    private static ReminderPlan booked(KnownBooking known, Booking told, Instant now) {
        if (known.status() != BookingStatus.BOOKED) {
            return new ReminderPlan(
                    known.status() == BookingStatus.PROPOSED,
                    withReminders(new Notice.Confirmation(Notice.now(told, now)), told, now));
        }
        return told.sequence() > known.sequence()
                ? new ReminderPlan(
                        true, withReminders(new Notice.Moved(Notice.now(told, now), known.startAt()), told, now))
                : NOTHING;
    }

    private static ReminderPlan cancelled(KnownBooking known, Booking told, Instant now) {
        if (known.status() == BookingStatus.CANCELLED) {
            return NOTHING;
        }
        return new ReminderPlan(
                known.status() == BookingStatus.BOOKED || known.status() == BookingStatus.PROPOSED,
                told.everBooked() ? List.of(new Notice.Cancelled(Notice.now(told, now))) : List.of());
    }

    /** Nothing once it has begun. Two reminders of one instant, such as a day before and 24 hours before, are one. */
    private static List<Notice> withReminders(Notice first, Booking told, Instant now) {
        if (!told.startAt().isAfter(now)) {
            return List.of();
        }
        var notices = new ArrayList<Notice>();
        notices.add(first);
        var instants = new HashSet<Instant>();
        for (var before : told.reminders()) {
            Notice.reminder(told, before, now)
                    .filter(reminder -> instants.add(reminder.timing().dueAt()))
                    .ifPresent(notices::add);
        }
        return List.copyOf(notices);
    }
}
