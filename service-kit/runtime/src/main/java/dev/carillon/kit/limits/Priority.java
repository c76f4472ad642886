package dev.carillon.kit.limits;

import java.util.Locale;

/** What is refused last, first and between, when more is asked than can be done: each is let in up to its share of the limit. */
public enum Priority {
    /** What is kept to people: creating, booking, cancelling, and whatever else changes something. */
    PROMISE(100),
    /** GET and HEAD. */
    READ(80),
    /** What is {@link Deferrable}. */
    DEFERRABLE(50);

    private final int percent;

    Priority(int percent) {
        this.percent = percent;
    }

    int shareOf(int limit) {
        return (int) ((long) limit * percent / 100);
    }

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
