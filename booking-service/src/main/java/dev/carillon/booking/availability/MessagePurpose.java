package dev.carillon.booking.availability;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a message to a customer is for, and what its template can be filled with. */
public enum MessagePurpose {
    CONFIRMATION("confirmation"),
    REMINDER("reminder"),
    MOVED("moved"),
    CANCELLED("cancelled"),
    /** The booked time is no longer offered. */
    SLOT_CLOSED("slotClosed"),
    /** A follow-up when nobody came; there is none without a template. */
    NO_SHOW("noShow");

    private static final Set<String> OF_ALL =
            Set.of("customer.name", "resource.name", "booking.id", "when", "date", "time", "weekday", "zone", "places");
    private static final Set<String> OF_MOVES = Set.of("former.when", "former.date", "former.time");

    private final String wireName;

    MessagePurpose(String wireName) {
        this.wireName = wireName;
    }

    /** The name that clients, rows and events see. */
    public String wireName() {
        return wireName;
    }

    /** Empty when no purpose has this name. */
    public static Optional<MessagePurpose> of(String wireName) {
        return Stream.of(values()).filter(one -> one.wireName.equals(wireName)).findFirst();
    }

    /** Whether there is something to fill in for a placeholder. */
    public boolean knows(String placeholder) {
        return OF_ALL.contains(placeholder) || this == MOVED && OF_MOVES.contains(placeholder);
    }
}
