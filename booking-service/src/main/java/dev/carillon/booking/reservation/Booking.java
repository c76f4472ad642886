package dev.carillon.booking.reservation;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A booking.
 *
 * @param revision counts the client's own changes, from 1
 * @param version counts every change, from 1; what events carry
 * @param sequence how often it was moved (iCalendar's SEQUENCE)
 * @param holdExpiresAt until when its places are held without a confirmation, or are offered; null once it is booked
 * @param bookedAt when it was booked for good; null when it never was
 */
public record Booking(
        UUID id,
        String tenant,
        Appointment appointment,
        int places,
        Customer customer,
        BookingStatus status,
        @Nullable String cancellationReason,
        int revision,
        long version,
        int sequence,
        @Nullable Instant holdExpiresAt,
        Instant createdAt,
        @Nullable Instant bookedAt,
        @Nullable Instant cancelledAt,
        Attendance attendance) {
    public static final String HOLD_EXPIRED = "hold-expired";
    public static final String OFFER_EXPIRED = "offer-expired";
    public static final String OFFER_DECLINED = "offer-declined";
    public static final String OFFER_WITHDRAWN = "offer-withdrawn";

    /** What it comes to when a booking is to change. */
    public sealed interface Transition {
        record Changed(Booking booking) implements Transition {}

        /** It is so already. */
        record Unchanged(Booking booking) implements Transition {}

        record Refused(Booking booking, BookingStatus wanted, String why) implements Transition {}
    }

    public static Booking booked(
            UUID id, String tenant, Appointment appointment, int places, Customer customer, Instant now) {
        return new Booking(
                id,
                tenant,
                appointment,
                places,
                customer,
                BookingStatus.BOOKED,
                null,
                1,
                1,
                0,
                null,
                now,
                now,
                null,
                Attendance.NONE);
    }

    public static Booking held(
            UUID id,
            String tenant,
            Appointment appointment,
            int places,
            Customer customer,
            Instant expiresAt,
            Instant now) {
        return reserved(BookingStatus.PENDING, id, tenant, appointment, places, customer, expiresAt, now);
    }

    /** Offered to somebody who waits for such places. */
    public static Booking proposed(
            UUID id,
            String tenant,
            Appointment appointment,
            int places,
            Customer customer,
            Instant expiresAt,
            Instant now) {
        return reserved(BookingStatus.PROPOSED, id, tenant, appointment, places, customer, expiresAt, now);
    }

    private static Booking reserved(
            BookingStatus status,
            UUID id,
            String tenant,
            Appointment appointment,
            int places,
            Customer customer,
            Instant expiresAt,
            Instant now) {
        return new Booking(
                id,
                tenant,
                appointment,
                places,
                customer,
                status,
                null,
                1,
                1,
                0,
                expiresAt,
                now,
                null,
                null,
                Attendance.NONE);
    }

    /** Only while it is held, and before its slot begins: nobody would be told of it any more. */
    public Transition confirm(Instant now) {
        return status == BookingStatus.PENDING
                ? book(now)
                : refused(BookingStatus.BOOKED, "Only a pending booking is confirmed");
    }

    /** What is offered, while it is, and before its slot begins; once. */
    public Transition accept(Instant now) {
        return status == BookingStatus.PROPOSED
                ? book(now)
                : refused(BookingStatus.BOOKED, "Only what is offered is accepted");
    }

    /** Gives up what is offered. */
    public Transition decline(Instant now) {
        return switch (status) {
            case PROPOSED -> new Transition.Changed(cancelled(OFFER_DECLINED, revision + 1, now));
            case CANCELLED -> new Transition.Unchanged(this);
            default -> refused(BookingStatus.CANCELLED, "Only what is offered is declined");
        };
    }

    /** The end of an offer whose slot was closed; unchanged when it is none any more. */
    public Transition withdraw(Instant now) {
        return status == BookingStatus.PROPOSED
                ? new Transition.Changed(cancelled(OFFER_WITHDRAWN, revision, now))
                : new Transition.Unchanged(this);
    }

    /** Whether it was an offer, and its slot was closed before it was answered. */
    public boolean isWithdrawn() {
        return OFFER_WITHDRAWN.equals(cancellationReason);
    }

    private Transition book(Instant now) {
        if (isExpiredAt(now)) {
            return refused(BookingStatus.BOOKED, "It expired at " + holdExpiresAt);
        }
        if (!appointment.startAt().isAfter(now)) {
            return refused(BookingStatus.BOOKED, "Its slot began at " + appointment.startAt());
        }
        return new Transition.Changed(
                changed(appointment, BookingStatus.BOOKED, null, revision + 1, sequence, null, now, null));
    }

    /** Not once its customer has come, or has not, nor while it is only offered. */
    public Transition cancel(Instant now) {
        if (status == BookingStatus.CANCELLED) {
            return new Transition.Unchanged(this);
        }
        return status.isAhead()
                ? new Transition.Changed(cancelled(null, revision + 1, now))
                : refused(BookingStatus.CANCELLED, "Only a pending or booked one is cancelled");
    }

    /** Nobody has failed to come before the slot begins. */
    public Transition attend(Attendance.Step step, Instant now) {
        if (!step.isAllowedFrom(status)) {
            return refused(step.to(), step.rule());
        }
        if (step == Attendance.Step.NO_SHOW && appointment.startAt().isAfter(now)) {
            return refused(step.to(), "Its slot begins only at " + appointment.startAt());
        }
        return new Transition.Changed(attended(step, now));
    }

    /** That its slot takes no bookings any more, or takes them again; no change of its client's. */
    public Transition tellOfSlot(boolean closed) {
        return !status.isAhead() || appointment.slotClosed() == closed
                ? new Transition.Unchanged(this)
                : new Transition.Changed(changed(
                        appointment.withSlotClosed(closed),
                        status,
                        null,
                        revision,
                        sequence,
                        holdExpiresAt,
                        bookedAt,
                        null));
    }

    /**
     * Whether at {@code now} its customer can neither cancel nor move it any more. A hold is given up at any time, as is what was booked in a slot that has
     * been closed since.
     */
    public boolean isNoticeMissed(Instant now) {
        return status == BookingStatus.BOOKED
                && !appointment.slotClosed()
                && appointment.rules().isNoticeMissed(appointment.startAt(), now);
    }

    /** Whether it is one of those that its customer has ahead at this resource. */
    public boolean isAheadAt(UUID resourceId, Instant now) {
        return appointment.resourceId().equals(resourceId)
                && appointment.startAt().isAfter(now);
    }

    /** To other places and times; the same booking, with its hold if it has one. */
    public Transition moveTo(Appointment other, Instant now) {
        if (!status.isAhead()) {
            return refused(BookingStatus.BOOKED, "Only a pending or booked one is moved; book anew");
        }
        if (isExpiredAt(now)) {
            return refused(BookingStatus.PENDING, "Its hold expired at " + holdExpiresAt);
        }
        if (other.slotId().equals(appointment.slotId())) {
            return new Transition.Unchanged(this);
        }
        return new Transition.Changed(
                changed(other, status, null, revision + 1, sequence + 1, holdExpiresAt, bookedAt, null));
    }

    /** The end of a hold or an offer; unchanged when it was confirmed or cancelled before, or is not over yet. */
    public Transition expire(Instant now) {
        return isExpiredAt(now)
                ? new Transition.Changed(
                        cancelled(status == BookingStatus.PENDING ? HOLD_EXPIRED : OFFER_EXPIRED, revision, now))
                : new Transition.Unchanged(this);
    }

    private boolean isExpiredAt(Instant now) {
        boolean isReserved = status == BookingStatus.PENDING || status == BookingStatus.PROPOSED;
        return isReserved && holdExpiresAt != null && !holdExpiresAt.isAfter(now);
    }

    private Transition refused(BookingStatus wanted, String why) {
        return new Transition.Refused(this, wanted, why);
    }

    private Booking cancelled(@Nullable String reason, int nextRevision, Instant now) {
        return changed(
                appointment, BookingStatus.CANCELLED, reason, nextRevision, sequence, holdExpiresAt, bookedAt, now);
    }

    private Booking attended(Attendance.Step step, Instant now) {
        return new Booking(
                id,
                tenant,
                appointment,
                places,
                customer,
                step.to(),
                null,
                revision + 1,
                version + 1,
                sequence,
                null,
                createdAt,
                bookedAt,
                null,
                attendance.with(step, now));
    }

    private Booking changed(
            Appointment next,
            BookingStatus nextStatus,
            @Nullable String reason,
            int nextRevision,
            int nextSequence,
            @Nullable Instant hold,
            @Nullable Instant booked,
            @Nullable Instant cancelled) {
        return new Booking(
                id,
                tenant,
                next,
                places,
                customer,
                nextStatus,
                reason,
                nextRevision,
                version + 1,
                nextSequence,
                hold,
                createdAt,
                booked,
                cancelled,
                attendance);
    }
}
