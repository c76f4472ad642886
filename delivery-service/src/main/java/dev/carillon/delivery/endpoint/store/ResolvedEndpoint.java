package dev.carillon.delivery.endpoint.store;

import dev.carillon.delivery.channel.Destination.Target;
import dev.carillon.delivery.endpoint.Endpoint.Status;
import java.util.UUID;

/**
 * An endpoint as an attempt needs it.
 *
 * @param target without secrets when no key of the settings reads them, or when it was deleted
 */
public record ResolvedEndpoint(UUID id, String tenant, Status status, Target target) {}
