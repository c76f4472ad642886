package dev.carillon.scheduler.reminder;

import java.util.Locale;

/** Where a booking stands, as far as its customer is concerned. */
public enum BookingStatus {
    /** Offered to somebody who waited for such places. */
    PROPOSED,
    /** Held, not booked yet: nothing is sent. */
    PENDING,
    BOOKED,
    /** Nobody came. */
    NOSHOW,
    CANCELLED;

    /** The name that events and rows have. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException when no status has this name */
    public static BookingStatus of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
