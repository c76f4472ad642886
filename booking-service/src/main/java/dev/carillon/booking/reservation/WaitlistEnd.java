package dev.carillon.booking.reservation;

import java.util.Locale;

/** Why an entry of a waitlist has ended without a booking. */
public enum WaitlistEnd {
    LEFT(true),
    OFFER_DECLINED(true),
    OFFER_EXPIRED(false),
    SLOT_BEGAN(false);

    private final boolean isByClient;

    WaitlistEnd(boolean isByClient) {
        this.isByClient = isByClient;
    }

    /** Whether it is a change that a client has made, which the entry's revision counts. */
    public boolean isByClient() {
        return isByClient;
    }

    /** The name that clients, rows and events see. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException when none has this name */
    public static WaitlistEnd of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
