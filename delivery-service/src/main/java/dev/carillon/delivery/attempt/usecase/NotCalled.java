package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.delivery.attempt.DeliveryStatus;
import java.util.UUID;

/**
 * An intent that this node has not followed by a call, and never will: there was no time left for one. Who has it from this node knows that the
 * provider was not asked; whoever finds the intent at its deadline cannot.
 *
 * @param before what the delivery was before the intent
 */
record NotCalled(Intent intent, DeliveryStatus before) implements IntentEnd {
    static NotCalled of(Delivery inFlight, DeliveryStatus before) {
        return new NotCalled(Intent.of(inFlight), before);
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
