package dev.carillon.delivery.attempt.store;

import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.kit.telemetry.TraceContext;
import java.util.UUID;

/**
 * A delivery as its row has it, without what only a call needs.
 *
 * @param trace the trace that created the message, which its attempts continue
 */
public record StoredDelivery(Delivery delivery, TraceContext trace) {
    public UUID id() {
        return delivery.id();
    }

    /** The same message, a later state. */
    public StoredDelivery with(Delivery later) {
        return new StoredDelivery(later, trace);
    }
}
