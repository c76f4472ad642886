package dev.carillon.delivery.attempt;

import java.time.Instant;

/** What a recall comes to. */
public sealed interface Recall {
    /** No attempt begins any more. */
    record Recalled(Delivery delivery) implements Recall {}

    /** An attempt is open: its outcome decides. */
    record Refused(Delivery delivery) implements Recall {}

    /** It has ended before; the state is told again. */
    record Ended(Delivery delivery) implements Recall {}

    static Recall of(Delivery delivery, Instant now) {
        return switch (delivery.status()) {
            case PENDING, WAITING, HELD -> new Recalled(delivery.recalled(now));
            case IN_FLIGHT -> new Refused(delivery.told());
            case DELIVERED, DEAD, EXPIRED, RECALLED -> new Ended(delivery.told());
        };
    }
}
