package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.attempt.Delivery;
import java.time.Instant;
import java.util.UUID;

/**
 * An intent to call. The next one has the same number when this one is withdrawn, but not the same instant.
 *
 * @param number the attempt's, from 1
 * @param begunAt when the call was due to begin
 */
record Intent(UUID deliveryId, int number, Instant begunAt) {
    static Intent of(Delivery inFlight) {
        return new Intent(inFlight.id(), inFlight.attempts(), inFlight.attemptAt());
    }
}
