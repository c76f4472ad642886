package dev.carillon.scheduler.recurrence;

import java.util.Locale;

/** What becomes of a local time that does not exist on its day, because clocks are put forward over it. */
public enum Gap {
    /** It is later by the length of the gap: 02:30 becomes 03:30. */
    SHIFT,
    /** It is left out. */
    SKIP;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException when none has this name */
    public static Gap of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
