package dev.carillon.delivery.attempt.store;

import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.kit.telemetry.TraceContext;
import java.util.UUID;

/**
 * A delivery with what its attempts need and no rule looks at.
 *
 * @param destination JSON, as the staging event brought it
 * @param content JSON, as the staging event brought it
 * @param trace the trace that created the message, which its attempts continue
 */
public record StoredDelivery(Delivery delivery, String destination, String content, TraceContext trace) {
    public UUID id() {
        return delivery.id();
    }

    /** The same message, a later state. */
    public StoredDelivery with(Delivery later) {
        return new StoredDelivery(later, destination, content, trace);
    }
}
