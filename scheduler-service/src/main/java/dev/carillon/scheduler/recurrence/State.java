package dev.carillon.scheduler.recurrence;

import java.util.Locale;

/**
 * Where a schedule stands.
 *
 * <pre>
 *   ACTIVE ──pause──> PAUSED ──resume──> ACTIVE
 *      │ nothing is left to fire
 *      ▼
 *    ENDED ──edited so that something is──> ACTIVE
 * </pre>
 */
public enum State {
    ACTIVE,
    PAUSED,
    ENDED;

    /** The name that clients and rows see. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException when no state has this name */
    public static State of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
