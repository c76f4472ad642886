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
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Keeps how endpoints fare, and disables one that is gone or has failed for long, in the transaction that records the attempts. An endpoint that works
 * costs a read and no write.
 */
@ApplicationScoped
public class EndpointHealth {
    /** An endpoint, and where it was when it was called. */
    public record Called(UUID endpointId, URI url) {}

    /** What came of an attempt at an endpoint, and the trace of the call. */
    public record Attempted(Called called, Attempts outcome, TraceContext trace) {}

    private final EndpointStore endpoints;
    private final EndpointEvents events;
    private final Outbox outbox;
    private final EndpointNotices notices;
    private final FailurePolicy policy;

    /** @throws IllegalArgumentException when the settings would disable what has not failed */
    public EndpointHealth(
            EndpointSettings settings,
            EndpointStore endpoints,
            EndpointEvents events,
            Outbox outbox,
            EndpointNotices notices) {
        this.endpoints = endpoints;
        this.events = events;
        this.outbox = outbox;
        this.notices = notices;
        this.policy = new FailurePolicy(settings.leastFailures(), settings.disableAfter());
    }

    /** What some attempts at one address of an endpoint come to, and the trace of the last of those that count. */
    private record Fared(Attempts outcome, int failed, TraceContext trace) {
        static Fared of(Attempted one) {
            return new Fared(one.outcome, one.outcome == Attempts.DELIVERED ? 0 : 1, one.trace);
        }

        Fared and(Fared later) {
            var both = outcome.and(later.outcome);
            return new Fared(both, failed + later.failed, both == later.outcome ? later.trace : trace);
        }
    }

    /** To be called when the deliveries of these attempts are locked, and their timers set. What an address did that the endpoint has left says nothing. */
    public Uni<Void> record(Tx tx, List<Attempted> attempted, Instant now) {
        if (attempted.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Map<Called, Fared> fared = new HashMap<>();
        attempted.forEach(one -> fared.merge(one.called, Fared.of(one), Fared::and));
        return toChange(tx, fared)
                .chain(ids -> ids.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : endpoints.lock(tx, ids).chain(found -> change(tx, found, fared, now)));
    }

    /** Those that failed, and those that work again. */
    private Uni<Set<UUID>> toChange(Tx tx, Map<Called, Fared> fared) {
        var failed = new HashSet<UUID>();
        var delivered = new HashSet<UUID>();
        fared.forEach((called, one) -> (one.outcome == Attempts.DELIVERED ? delivered : failed).add(called.endpointId));
        if (delivered.isEmpty()) {
            return Uni.createFrom().item(failed);
        }
        return endpoints.failingAmong(tx, delivered).map(again -> {
            failed.addAll(again);
            return failed;
        });
    }

    private Uni<Void> change(Tx tx, List<Endpoint> found, Map<Called, Fared> fared, Instant now) {
        var saved = new ArrayList<Endpoint>();
        var told = new ArrayList<OutgoingEvent>();
        for (var before : found) {
            var how = fared.get(new Called(before.id(), before.url()));
            if (how == null || before.isDeleted()) {
                continue;
            }
            var change = policy.after(before, how.outcome, how.failed, now);
            saved.add(change.endpoint());
            kind(change).ifPresent(kind -> told.add(events.told(kind, change.endpoint(), how.trace, now)));
        }
        return endpoints.save(tx, saved).chain(() -> outbox.append(tx, told)).chain(() -> notices.tell(tx, told));
    }

    private static Optional<Kind> kind(FailurePolicy.Change change) {
        return switch (change) {
            case FailurePolicy.Change.Noted noted -> Optional.empty();
            case FailurePolicy.Change.Failing failing -> Optional.of(Kind.FAILING);
            case FailurePolicy.Change.Recovered recovered -> Optional.of(Kind.RECOVERED);
            case FailurePolicy.Change.Disabled disabled -> Optional.of(Kind.DISABLED);
        };
    }
}
