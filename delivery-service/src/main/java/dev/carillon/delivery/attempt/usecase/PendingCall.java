package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.delivery.attempt.DeliveryStatus;
import dev.carillon.delivery.attempt.store.Consignment;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.containment.Permit;
import dev.carillon.delivery.endpoint.usecase.EndpointHealth;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An attempt whose intent is committed and whose call has not ended: where it goes if that is readable, and the leave to call.
 *
 * @param before what the delivery was before its intent
 * @param timeout what a call for it may take
 * @param receiver in whose line it stands; equal for those that share one
 * @param connections how many calls to that receiver are made at once
 */
record PendingCall(
        Consignment inFlight,
        @Nullable Destination destination,
        DeliveryStatus before,
        Permit permit,
        Duration timeout,
        Object receiver,
        int connections) {
    Delivery delivery() {
        return inFlight.delivery();
    }

    /** Whether its message is as late as this attempt is: not a retry, and not one after it was held or redriven. */
    boolean isAtItsInstant() {
        return before == DeliveryStatus.PENDING;
    }

    /** The registered endpoint that is called, if one is. */
    EndpointHealth.@Nullable Called called() {
        if (destination instanceof Destination.WebhookEndpoint endpoint) {
            var target = endpoint.target();
            return target == null ? null : new EndpointHealth.Called(endpoint.id(), target.url());
        }
        return null;
    }
}
