package dev.carillon.booking.availability;

import java.util.Locale;

/** Whether a slot takes bookings. */
public enum SlotStatus {
    OPEN,
    CLOSED;

    /** The name that clients and rows see. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException when no status has this name */
    public static SlotStatus of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
