package dev.carillon.delivery.endpoint.usecase;

import dev.carillon.delivery.EndpointSettings;
import dev.carillon.delivery.endpoint.Endpoint;
import dev.carillon.delivery.endpoint.FailurePolicy;
import dev.carillon.delivery.endpoint.FailurePolicy.Attempts;
import dev.carillon.delivery.endpoint.messaging.EndpointEvents;
import dev.carillon.delivery.endpoint.messaging.EndpointEvents.Kind;
import dev.carillon.delivery.endpoint.store.EndpointStore;
import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Keeps how endpoints fare, and disables one that is gone or has failed for long, in the transaction that records the attempts. An endpoint that works
 * costs a read and no write.
 */
@ApplicationScoped
public class EndpointHealth {
    /** What came of an attempt at an endpoint. */
    public record Attempted(UUID endpointId, Attempts outcome) {}

    private final EndpointStore endpoints;
    private final EndpointEvents events;
    private final Outbox outbox;
    private final FailurePolicy policy;

    /** @throws IllegalArgumentException when the settings would disable what has not failed */
    public EndpointHealth(EndpointSettings settings, EndpointStore endpoints, EndpointEvents events, Outbox outbox) {
        this.endpoints = endpoints;
        this.events = events;
        this.outbox = outbox;
        this.policy = new FailurePolicy(settings.leastFailures(), settings.disableAfter());
    }

    /** To be called when the deliveries of these attempts are locked, and their timers set. */
    public Uni<Void> record(Tx tx, List<Attempted> attempted, Instant now) {
        if (attempted.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Map<UUID, Attempts> outcomes = new HashMap<>();
        attempted.forEach(one -> outcomes.merge(one.endpointId, one.outcome, Attempts::and));
        var failures = attempted.stream()
                .filter(one -> one.outcome != Attempts.DELIVERED)
                .collect(Collectors.groupingBy(Attempted::endpointId, Collectors.counting()));
        return toChange(tx, outcomes)
                .chain(ids -> ids.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : endpoints.lock(tx, ids).chain(found -> change(tx, found, outcomes, failures, now)));
    }

    /** Those that failed, and those that work again. */
    private Uni<Set<UUID>> toChange(Tx tx, Map<UUID, Attempts> outcomes) {
        var failed = new HashSet<UUID>();
        var delivered = new HashSet<UUID>();
        outcomes.forEach((id, outcome) -> (outcome == Attempts.DELIVERED ? delivered : failed).add(id));
        if (delivered.isEmpty()) {
            return Uni.createFrom().item(failed);
        }
        return endpoints.failingAmong(tx, delivered).map(again -> {
            failed.addAll(again);
            return failed;
        });
    }

    private Uni<Void> change(
            Tx tx, List<Endpoint> found, Map<UUID, Attempts> outcomes, Map<UUID, Long> failures, Instant now) {
        var saved = new ArrayList<Endpoint>();
        var told = new ArrayList<OutgoingEvent>();
        for (var before : found) {
            if (before.isDeleted()) {
                continue;
            }
            int failed = failures.getOrDefault(before.id(), 0L).intValue();
            switch (policy.after(before, Objects.requireNonNull(outcomes.get(before.id())), failed, now)) {
                case FailurePolicy.Change.Noted(Endpoint after) -> saved.add(after);
                case FailurePolicy.Change.Failing(Endpoint after) -> tell(Kind.FAILING, after, saved, told, now);
                case FailurePolicy.Change.Recovered(Endpoint after) -> tell(Kind.RECOVERED, after, saved, told, now);
                case FailurePolicy.Change.Disabled(Endpoint after) -> tell(Kind.DISABLED, after, saved, told, now);
            }
        }
        return endpoints.save(tx, saved).chain(() -> outbox.append(tx, told));
    }

    private void tell(Kind kind, Endpoint after, List<Endpoint> saved, List<OutgoingEvent> told, Instant now) {
        saved.add(after);
        told.add(events.told(kind, after, TraceContext.NONE, now));
    }
}
