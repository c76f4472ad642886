package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.attempt.AttemptResult;
import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.delivery.endpoint.usecase.EndpointHealth;
import dev.carillon.kit.telemetry.TraceContext;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A call that has ended, or is taken for ended.
 *
 * @param trace of the call
 * @param called the registered endpoint that was called, if one was and is known
 */
record EndedCall(AttemptResult result, TraceContext trace, EndpointHealth.@Nullable Called called)
        implements IntentEnd {
    @Override
    public UUID deliveryId() {
        return result.call().deliveryId();
    }

    @Override
    public int number() {
        return result.call().number();
    }

    /** One that was called is not withdrawn, so that no other has its number. */
    @Override
    public boolean endsThatOf(Delivery inFlight) {
        return number() == inFlight.attempts();
    }
}
