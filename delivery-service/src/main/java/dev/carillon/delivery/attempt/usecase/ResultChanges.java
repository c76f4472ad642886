package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.attempt.AttemptResult;
import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.delivery.attempt.DeliveryStatus;
import dev.carillon.delivery.attempt.RetryPolicies;
import dev.carillon.delivery.attempt.messaging.DeliveryEvents;
import dev.carillon.delivery.attempt.store.DeliveryStore;
import dev.carillon.delivery.attempt.store.StoredDelivery;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.endpoint.FailurePolicy;
import dev.carillon.delivery.endpoint.usecase.EndpointHealth;
import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.telemetry.LogCategory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.DoubleSupplier;

/**
 * What results come to that are recorded together. One that changes nothing, since its delivery has moved on (it was recorded before, or its attempt was
 * taken for one of unknown outcome), is kept with its attempt and says nothing about an endpoint: so no attempt counts twice.
 */
final class ResultChanges {
    private static final LogCategory LOG = LogCategory.of(ResultChanges.class);
    private static final Set<String> OUR_FAILURES = Set.of(
            CallResults.INTERNAL_ERROR,
            Reason.NOT_CONFIGURED.slug(),
            Reason.CONTENT_REFUSED.slug(),
            Reason.RESOLVER_BUSY.slug());

    private final Map<UUID, StoredDelivery> known = new LinkedHashMap<>();
    private final Map<UUID, Delivery> saved = new LinkedHashMap<>();
    private final List<DeliveryStore.Recorded> recorded = new ArrayList<>();
    private final List<DeliveryStore.AttemptId> withdrawn = new ArrayList<>();
    private final List<OutgoingEvent> told = new ArrayList<>();
    private final List<EndpointHealth.Attempted> attempted = new ArrayList<>();
    private final RetryPolicies policies;
    private final DeliveryEvents events;
    private final Instant now;
    private final DoubleSupplier random;

    /** @param found the deliveries that the results are of, locked */
    ResultChanges(
            List<StoredDelivery> found,
            RetryPolicies policies,
            DeliveryEvents events,
            Instant now,
            DoubleSupplier random) {
        found.forEach(one -> known.put(one.id(), one));
        this.policies = policies;
        this.events = events;
        this.now = now;
        this.random = random;
    }

    void add(IntentEnd one) {
        var before = known.get(one.deliveryId());
        if (before == null) {
            LOG.warn()
                    .in(one instanceof EndedCall call ? call.trace().traceId() : null)
                    .with("deliveryId", one.deliveryId())
                    .with("attempt", one.number())
                    .say(
                            "Delivery %s was deleted before the end of its attempt %d came",
                            one.deliveryId(), one.number());
            return;
        }
        switch (one) {
            case EndedCall ended -> add(ended, before);
            case NotCalled none -> add(none, before);
        }
    }

    /** It is as if there had been no intent, so nobody is told. */
    private void add(NotCalled none, StoredDelivery before) {
        var intent = none.intent();
        var again = now.plus(none.pause());
        var after = before.delivery().notCalled(intent.number(), intent.begunAt(), none.before(), again);
        if (after != before.delivery()) {
            withdrawn.add(new DeliveryStore.AttemptId(none.deliveryId(), none.number()));
            save(before.with(after));
        }
    }

    private void save(StoredDelivery after) {
        known.put(after.id(), after);
        saved.put(after.id(), after.delivery());
    }

    private void add(EndedCall one, StoredDelivery before) {
        var result = one.result();
        var delivery = before.delivery();
        var after = delivery.after(result, policies.of(delivery.channel()), now, random);
        boolean changed = after != delivery;
        var retryAt = changed && after.status() == DeliveryStatus.WAITING ? after.attemptAt() : null;
        recorded.add(new DeliveryStore.Recorded(result, retryAt));
        if (changed) {
            var stored = before.with(after);
            save(stored);
            told.add(events.told(stored, one.trace(), now));
            noteEndpoint(one);
        }
    }

    private void noteEndpoint(EndedCall one) {
        var called = one.called();
        if (called != null) {
            outcome(one.result())
                    .ifPresent(outcome -> attempted.add(new EndpointHealth.Attempted(called, outcome, one.trace())));
        }
    }

    private static Optional<FailurePolicy.Attempts> outcome(AttemptResult result) {
        var reason = result.reason();
        return switch (result.outcome()) {
            case DELIVERED -> Optional.of(FailurePolicy.Attempts.DELIVERED);
            case UNKNOWN -> Optional.empty();
            case TRANSIENT, PERMANENT -> {
                if (Reason.DESTINATION_GONE.slug().equals(reason)) {
                    yield Optional.of(FailurePolicy.Attempts.GONE);
                }
                boolean ours = reason == null || OUR_FAILURES.contains(reason);
                yield ours ? Optional.empty() : Optional.of(FailurePolicy.Attempts.FAILED);
            }
        };
    }

    List<Delivery> saved() {
        return List.copyOf(saved.values());
    }

    List<DeliveryStore.Recorded> recorded() {
        return recorded;
    }

    List<DeliveryStore.AttemptId> withdrawn() {
        return withdrawn;
    }

    List<OutgoingEvent> told() {
        return told;
    }

    /** A line for each attempt that has ended; to be called once these changes are committed. */
    void log() {
        for (var one : recorded) {
            var after =
                    Objects.requireNonNull(known.get(one.result().call().deliveryId()), "what is recorded is known");
            DeliveryLog.attempted(one.result(), after, one.nextAttemptAt());
        }
    }

    /** What they say about endpoints: nothing, when no endpoint was asked. */
    List<EndpointHealth.Attempted> attempted() {
        return attempted;
    }
}
