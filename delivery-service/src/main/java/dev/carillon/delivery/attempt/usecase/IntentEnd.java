package dev.carillon.delivery.attempt.usecase;

import java.util.UUID;

/** What a committed intent came to: a call that ended, or none. */
sealed interface IntentEnd permits EndedCall, NotCalled {
    UUID deliveryId();

    /** The attempt's, from 1. */
    int number();
}
