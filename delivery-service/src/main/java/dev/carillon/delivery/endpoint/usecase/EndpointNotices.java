package dev.carillon.delivery.endpoint.usecase;

import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** How tenants learn over HTTP what becomes of their endpoints. */
public interface EndpointNotices {
    /** Tells of those of these events that a tenant would want to act on. To be called when the rows of their endpoints are locked and written by {@code tx}. */
    Uni<Void> tell(Tx tx, List<OutgoingEvent> events);
}
