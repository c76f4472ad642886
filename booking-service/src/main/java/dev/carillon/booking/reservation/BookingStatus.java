package dev.carillon.booking.reservation;

import java.util.Locale;

/**
 * Where a booking stands, in the words of FHIR's Appointment.
 *
 * <pre>
 *   PENDING (held) ──confirmed──> BOOKED ──arrives──> ARRIVED ──checks in──> CHECKED_IN ──┐
 *      │                          │ │ │                  └──────────fulfilled────────────>│──fulfilled──> FULFILLED
 *      │                          │ │ └──checks in──> CHECKED_IN
 *      │                          │ └──does not come──> NOSHOW
 *      └──cancelled, hold expired─┴──cancelled──> CANCELLED
 *
 *   PROPOSED (offered to who waits) ──accepted──> BOOKED
 *      └──declined, offer expired, slot closed──> CANCELLED
 * </pre>
 */
public enum BookingStatus {
    PROPOSED,
    PENDING,
    BOOKED,
    ARRIVED,
    CHECKED_IN,
    FULFILLED,
    NOSHOW,
    CANCELLED;

    /** Whether nobody has come yet, nor failed to: only then it is moved or cancelled. */
    public boolean isAhead() {
        return this == PENDING || this == BOOKED;
    }

    /** The name that clients, rows and events see. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException when no status has this name */
    public static BookingStatus of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
