package dev.carillon.delivery.attempt.store;

import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.kit.telemetry.TraceContext;
import java.util.List;
import java.util.UUID;

/**
 * A delivery with what is to be handed over, and to whom. Read from the database once for each attempt.
 *
 * @param trace the trace that created the message
 * @param destination JSON, as the staging event brought it
 * @param content JSON, as the staging event brought it
 * @param causes what brings about this attempt besides its message: the attempt before it, and the wish of an operator
 */
public record Consignment(
        Delivery delivery, TraceContext trace, String destination, String content, List<TraceContext> causes) {

    /** One that has just been accepted. */
    public Consignment(Delivery delivery, TraceContext trace, String destination, String content) {
        this(delivery, trace, destination, content, List.of());
    }

    public UUID id() {
        return delivery.id();
    }

    public StoredDelivery stored() {
        return new StoredDelivery(delivery, trace);
    }
}
