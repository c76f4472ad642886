package dev.carillon.delivery.containment;

import java.util.Locale;

/** Why there is no permit now, in the order in which permits are asked for. */
public enum Denial {
    BREAKER_OPEN,
    RETRY_BUDGET,
    RATE_LIMITED,
    TOO_MANY_OPEN,
    /** The content of the open calls fills its memory, or the share that one may have of it. */
    MEMORY_FULL;

    private final String slug = name().toLowerCase(Locale.ROOT).replace('_', '-');

    public String slug() {
        return slug;
    }
}
