package dev.carillon.delivery.endpoint.usecase;

import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import java.util.UUID;

/** What waits for an endpoint that is disabled. */
public interface HeldDeliveries {
    /** Lets go, at a rate and from the commit on, what is held for an endpoint that is no longer disabled. The endpoint's row is locked by {@code tx}. */
    Uni<Void> letGo(Tx tx, UUID endpointId);
}
