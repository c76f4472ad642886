package dev.carillon.delivery.attempt;

import java.time.Instant;

/** What a recall comes to. */
public sealed interface Recall {
    /** No attempt begins any more. */
    record Recalled(Delivery delivery) implements Recall {}

    /** An attempt is open, and its outcome decides; or one has been made, and the recall was only meant if none had. */
    record Refused(Delivery delivery) implements Recall {}

    /** It has ended before; the state is told again. */
    record Ended(Delivery delivery) implements Recall {}

    /** @param unlessAttempted whether it is only meant if no attempt has been made */
    static Recall of(Delivery delivery, boolean unlessAttempted, Instant now) {
        return switch (delivery.status()) {
            case PENDING, WAITING, HELD ->
                unlessAttempted && delivery.attempts() > 0
                        ? new Refused(delivery.told())
                        : new Recalled(delivery.recalled(now));
            case IN_FLIGHT -> new Refused(delivery.told());
            case DELIVERED, DEAD, EXPIRED, RECALLED -> new Ended(delivery.told());
        };
    }
}
