package dev.carillon.delivery.attempt;

import java.util.Locale;

/**
 * Where a delivery stands.
 *
 * <pre>
 *   PENDING ──intent──> IN_FLIGHT ──> DELIVERED | DEAD
 *      │                  ▲    │
 *      │                  │    └──transient failure, unknown outcome──> WAITING ──┐
 *      │                  └───────────────────────intent──────────────────┘       │
 *      ├──> RECALLED | EXPIRED <──────────────────────────────────────────────────┤
 *      └──> HELD ──let go──> WAITING                    HELD <──────────────────────┘
 * </pre>
 *
 * <p>HELD is what has a disabled endpoint when its attempt would begin; from there it may also be RECALLED, EXPIRED or, after long, DEAD.
 *
 * <p>A retry on request leads from DEAD back to WAITING; a success that is known late from anything but RECALLED to DELIVERED.
 */
public enum DeliveryStatus {
    PENDING,
    IN_FLIGHT,
    WAITING,
    HELD,
    DELIVERED,
    DEAD,
    EXPIRED,
    RECALLED;

    public boolean isEnd() {
        return switch (this) {
            case DELIVERED, DEAD, EXPIRED, RECALLED -> true;
            case PENDING, IN_FLIGHT, WAITING, HELD -> false;
        };
    }

    /** The name that clients and rows see. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException when no status has this name */
    public static DeliveryStatus of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
