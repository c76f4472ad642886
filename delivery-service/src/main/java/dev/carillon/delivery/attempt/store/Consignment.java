package dev.carillon.delivery.attempt.store;

import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.kit.telemetry.TraceContext;
import java.util.UUID;

/**
 * A delivery with what is to be handed over, and to whom. Read from the database once for each attempt.
 *
 * @param trace the trace that created the message
 * @param destination JSON, as the staging event brought it
 * @param content JSON, as the staging event brought it
 */
public record Consignment(Delivery delivery, TraceContext trace, String destination, String content) {
    public UUID id() {
        return delivery.id();
    }

    public StoredDelivery stored() {
        return new StoredDelivery(delivery, trace);
    }
}
