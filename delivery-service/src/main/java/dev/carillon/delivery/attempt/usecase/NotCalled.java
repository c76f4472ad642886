package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.delivery.attempt.DeliveryStatus;
import java.time.Duration;
import java.util.UUID;

/**
 * An intent that this node has not followed by a call, and never will: there was no time left for one. Who has it from this node knows that the
 * provider was not asked; whoever finds the intent at its deadline cannot.
 *
 * @param before what the delivery was before the intent
 * @param pause after which the attempt begins anew
 */
record NotCalled(Intent intent, DeliveryStatus before, Duration pause) implements IntentEnd {
    /** One that begins anew at once. */
    static NotCalled of(Delivery inFlight, DeliveryStatus before) {
        return of(inFlight, before, Duration.ZERO);
    }

    static NotCalled of(Delivery inFlight, DeliveryStatus before, Duration pause) {
        return new NotCalled(Intent.of(inFlight), before, pause);
    }

    @Override
    public UUID deliveryId() {
        return intent.deliveryId();
    }

    @Override
    public int number() {
        return intent.number();
    }

    @Override
    public boolean endsThatOf(Delivery inFlight) {
        return intent.equals(Intent.of(inFlight));
    }
}
