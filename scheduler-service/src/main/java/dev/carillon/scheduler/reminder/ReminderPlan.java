package dev.carillon.scheduler.reminder;

import java.time.Duration;
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
    /** So long after a start somebody is still written to who did not come. */
    private static final Duration FOLLOWED_UP_FOR = Duration.ofDays(7);

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
            case NOSHOW -> missed(known, told, now);
            case CANCELLED -> cancelled(known, told, now);
        };
    }

    private static ReminderPlan offered(KnownBooking known, Booking told, Instant now) {
        var until = told.offeredUntil();
        return known.status() == BookingStatus.PROPOSED || until == null || !until.isAfter(now)
                ? NOTHING
                : new ReminderPlan(false, List.of(new Notice.Offer(Notice.now(told, now), until)));
    }

    private static ReminderPlan missed(KnownBooking known, Booking told, Instant now) {
        var until = told.startAt().plus(FOLLOWED_UP_FOR);
        return known.status() == BookingStatus.NOSHOW
                        || !told.words().templates().containsKey(Notice.FOLLOW_UP)
                        || !until.isAfter(now)
                ? NOTHING
                : new ReminderPlan(false, List.of(new Notice.FollowUp(Notice.now(told, now), until)));
    }

    private static ReminderPlan booked(KnownBooking known, Booking told, Instant now) {
        boolean isKnown = known.status() == BookingStatus.BOOKED && told.sequence() <= known.sequence();
        if (isKnown) {
            return told.slotClosed() && !known.slotClosed() && told.startAt().isAfter(now)
                    ? new ReminderPlan(false, List.of(new Notice.SlotClosed(Notice.now(told, now))))
                    : NOTHING;
        }
        if (known.status() != BookingStatus.BOOKED) {
            return new ReminderPlan(
                    known.status() == BookingStatus.PROPOSED,
                    withReminders(new Notice.Confirmation(Notice.now(told, now)), told, now));
        }
        return new ReminderPlan(
                true, withReminders(new Notice.Moved(Notice.now(told, now), known.startAt()), told, now));
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
        if (told.slotClosed()) {
            notices.add(new Notice.SlotClosed(Notice.now(told, now)));
        }
        var instants = new HashSet<Instant>();
        for (var before : told.reminders()) {
            Notice.reminder(told, before, now)
                    .filter(reminder -> instants.add(reminder.timing().dueAt()))
                    .ifPresent(notices::add);
        }
        return List.copyOf(notices);
    }
}
