package dev.carillon.delivery.endpoint.usecase;

import dev.carillon.delivery.channel.Destination.WebhookEndpoint;
import dev.carillon.delivery.endpoint.Endpoint.Status;
import dev.carillon.delivery.endpoint.store.EndpointStore;
import dev.carillon.delivery.endpoint.store.ResolvedEndpoint;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Finds where endpoints are at the moment of an attempt. */
@ApplicationScoped
public class ResolveEndpoints {
    /**
     * What was found.
     *
     * @param disabled those that are disabled, and stay so until the transaction ends
     */
    public record Resolved(Map<UUID, ResolvedEndpoint> endpoints, Set<UUID> disabled) {
        public static final Resolved NONE = new Resolved(Map.of(), Set.of());

        private Resolved with(Resolved later) {
            var all = new HashMap<>(endpoints);
            all.putAll(later.endpoints);
            var allDisabled = new HashSet<>(disabled);
            allDisabled.addAll(later.disabled);
            return new Resolved(all, allDisabled);
        }

        /** Whether what is to go there has to be held. */
        public boolean isDisabled(String tenant, UUID id) {
            var endpoint = endpoints.get(id);
            return endpoint != null && endpoint.tenant().equals(tenant) && disabled.contains(id);
        }

        /** Where it is; without a target when the tenant has no such endpoint, or has it no more. */
        public WebhookEndpoint destination(String tenant, UUID id) {
            var endpoint = endpoints.get(id);
            if (endpoint == null || !endpoint.tenant().equals(tenant) || endpoint.status() == Status.DELETED) {
                return new WebhookEndpoint(id, null);
            }
            return new WebhookEndpoint(id, endpoint.target());
        }
    }

    private final EndpointStore endpoints;

    public ResolveEndpoints(EndpointStore endpoints) {
        this.endpoints = endpoints;
    }

    /** To be called when the deliveries are locked: an endpoint is locked after them, and only if it is disabled. */
    public Uni<Resolved> resolve(Tx tx, Collection<UUID> ids) {
        if (ids.isEmpty()) {
            return Uni.createFrom().item(Resolved.NONE);
        }
        return endpoints.resolve(tx, ids).chain(found -> endpoints
                .stillDisabled(tx, disabledAmong(found))
                .chain(disabled -> resolveAgain(tx, new Resolved(found, disabled))));
    }

    /** Those that were found disabled and were so no more when their locks were there: what was read of them is out of date as a whole. */
    private Uni<Resolved> resolveAgain(Tx tx, Resolved first) {
        var changed = disabledAmong(first.endpoints);
        changed.removeAll(first.disabled);
        return changed.isEmpty()
                ? Uni.createFrom().item(first)
                : resolve(tx, changed).map(first::with);
    }

    private static Set<UUID> disabledAmong(Map<UUID, ResolvedEndpoint> found) {
        return found.values().stream()
                .filter(one -> one.status() == Status.DISABLED)
                .map(ResolvedEndpoint::id)
                .collect(Collectors.toCollection(HashSet::new));
    }
}
