package dev.carillon.booking.bot;

import java.util.Locale;

/**
 * Where a conversation is.
 *
 * <pre>
 *            /book                                          (a name is kept: straight to CONFIRM)
 *   IDLE ──────────> SERVICE ──> DAY ──> TIME ──> NAME ──> CONFIRM ──booked──> IDLE
 *    │                            ▲ ▲      ▲                  │
 *    │ /bookings                  │ └──────┴───back, taken────┘
 *    └─────────> BOOKINGS ──move──┘                    CONFIRM ──moved──> IDLE
 *                   └──────cancel──> CANCEL ──cancelled──> IDLE
 * </pre>
 *
 * From everywhere a command begins anew, and silence for as long as a conversation lasts ends it.
 */
public enum Step {
    IDLE,
    SERVICE,
    DAY,
    TIME,
    NAME,
    CONFIRM,
    BOOKINGS,
    CANCEL;

    /** The name that rows have. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException when no step has this name */
    public static Step of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
