package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.attempt.Delivery;
import java.util.UUID;

/** What a committed intent came to: a call that ended, or none. */
sealed interface IntentEnd permits EndedCall, NotCalled {
    UUID deliveryId();

    /** The attempt's, from 1. */
    int number();

    /** Whether it is the end of the intent that this delivery, of its number, is in flight with. */
    boolean endsThatOf(Delivery inFlight);
}
