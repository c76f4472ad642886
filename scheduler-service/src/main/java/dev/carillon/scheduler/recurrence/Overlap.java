package dev.carillon.scheduler.recurrence;

import java.util.Locale;

/** What becomes of a local time that comes twice on its day, because clocks are put back over it. */
public enum Overlap {
    FIRST,
    BOTH;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException when none has this name */
    public static Overlap of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
