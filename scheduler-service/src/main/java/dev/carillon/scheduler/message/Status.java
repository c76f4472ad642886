package dev.carillon.scheduler.message;

import java.util.Locale;

/**
 * Where a message stands.
 *
 * <pre>
 *                                  ┌──────────────┐ redriven
 *                                  ▼              │
 *   SCHEDULED ──> STAGED ──> DELIVERING ──> FAILED | DELIVERED | EXPIRED
 *       │           │  └────────┬──^────────────^
 *       │           │         HELD │            │ the recall came too late
 *       │ <─ to be changed ─ RECALLING ─────────┘
 *       └──> CANCELLED <────────┘
 * </pre>
 *
 * <p>A refusal that is read when another recall was asked for already leads to DELIVERING too; what that one ends is CANCELLED from there.
 */
public enum Status {
    SCHEDULED,
    STAGED,
    DELIVERING,
    HELD,
    RECALLING,
    DELIVERED,
    FAILED,
    EXPIRED,
    CANCELLED;

    public boolean isEnd() {
        return switch (this) {
            case DELIVERED, FAILED, EXPIRED, CANCELLED -> true;
            case SCHEDULED, STAGED, DELIVERING, HELD, RECALLING -> false;
        };
    }

    /** The name that clients and rows see. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException when no status has this name */
    public static Status of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
