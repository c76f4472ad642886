package dev.carillon.booking.reservation;

import java.util.Locale;

/**
 * Where a booking stands, in the words of FHIR's Appointment.
 *
 * <pre>
 *   PENDING (held) ──confirmed──> BOOKED
 *      │                            │
 *      └──cancelled, hold expired──>│──cancelled──> CANCELLED
 * </pre>
 */
public enum BookingStatus {
    PENDING,
    BOOKED,
    CANCELLED;

    /** Whether it has its places. */
    public boolean holdsPlaces() {
        return this != CANCELLED;
    }

    /** The name that clients, rows and events see. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException when no status has this name */
    public static BookingStatus of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
