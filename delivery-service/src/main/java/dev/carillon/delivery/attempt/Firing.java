package dev.carillon.delivery.attempt;

import java.time.Duration;
import java.time.Instant;

/** What it comes to when the timer of a delivery fires. */
public sealed interface Firing {
    /** Its attempt begins: once this is committed, the call is made at {@code attemptAt}. */
    record Begins(Delivery inFlight) implements Firing {}

    /** Its time is over. */
    record Expires(Delivery expired) implements Firing {}

    /** Another one of its ordering key has to end first. */
    record Blocked(Delivery delivery) implements Firing {}

    /** The timer came too soon, for whatever reason, and has to be set again. */
    record Early(Delivery delivery) implements Firing {}

    /** A call's result was not recorded before the deadline. */
    record Overdue(Delivery inFlight) implements Firing {}

    /** It was held for as long as anything is. */
    record GivenUp(Delivery dead) implements Firing {}

    /** It has ended: nothing is to be done. */
    record Nothing() implements Firing {}

    /**
     * @param blocked whether an ordering key stands in its way
     * @param timeout what a call may take on its channel
     * @param headStart how long before its instant an attempt's intent may be committed
     */
    static Firing of(Delivery delivery, boolean blocked, Duration timeout, Duration headStart, Instant now) {
        return switch (delivery.status()) {
            case PENDING, WAITING -> begin(delivery, blocked, headStart, now);
            case IN_FLIGHT -> delivery.deadline(timeout).isAfter(now) ? new Early(delivery) : new Overdue(delivery);
            case HELD -> held(delivery, now);
            case DELIVERED, DEAD, EXPIRED, RECALLED -> new Nothing();
        };
    }

    private static Firing held(Delivery delivery, Instant now) {
        if (delivery.isExpiredAt(now)) {
            return new Expires(delivery.expired(now));
        }
        return delivery.attemptAt().isAfter(now) ? new Early(delivery) : new GivenUp(delivery.givenUp(now));
    }

    private static Firing begin(Delivery delivery, boolean blocked, Duration headStart, Instant now) {
        if (delivery.isExpiredAt(now)) {
            return new Expires(delivery.expired(now));
        }
        if (delivery.expiresFirst() || delivery.attemptAt().isAfter(now.plus(headStart))) {
            return new Early(delivery);
        }
        return blocked ? new Blocked(delivery) : new Begins(delivery.inFlight(now));
    }
}
