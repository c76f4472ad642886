package dev.carillon.booking.reservation;

import java.util.Locale;

/**
 * Where an entry of a waitlist stands, in the words of FHIR's Appointment.
 *
 * <pre>
 *   WAITLIST ──offered──> PROPOSED ──accepted──> BOOKED
 *    │  ▲                   │   └──left, offer expired──> CANCELLED
 *    │  └────slot closed────┘
 *    └──left, slot began──> CANCELLED
 * </pre>
 */
public enum WaitlistStatus {
    WAITLIST,
    PROPOSED,
    BOOKED,
    CANCELLED;

    /** The name that clients, rows and events see. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException when no status has this name */
    public static WaitlistStatus of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
