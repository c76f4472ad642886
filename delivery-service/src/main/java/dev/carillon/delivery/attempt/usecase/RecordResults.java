package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.DeliverySettings;
import dev.carillon.delivery.attempt.AttemptResult;
import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.delivery.attempt.DeliveryStatus;
import dev.carillon.delivery.attempt.RetryPolicy;
import dev.carillon.delivery.attempt.messaging.DeliveryEvents;
import dev.carillon.delivery.attempt.store.DeliveryStore;
import dev.carillon.delivery.attempt.store.StoredDelivery;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.endpoint.FailurePolicy;
import dev.carillon.delivery.endpoint.usecase.EndpointHealth;
import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.tx.GroupCommit;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Records what came of calls: attempt, delivery, next timer and event in one transaction, the results of many calls in one commit. A result is
 * kept in memory until it is recorded, for as long as the database is away.
 */
@ApplicationScoped
public class RecordResults {
    private static final Logger LOG = Logger.getLogger(RecordResults.class);
    // Short, so that results are recorded before others find their deadlines passed once the database is back.
    private static final Duration FIRST_RETRY = Duration.ofMillis(100);
    private static final Duration LAST_RETRY = Duration.ofSeconds(1);
    private static final Set<String> OUR_FAILURES =
            Set.of(CallResults.INTERNAL_ERROR, Reason.NOT_CONFIGURED.slug(), Reason.CONTENT_REFUSED.slug());

    /** A result, the trace of the call that it came from, and the registered endpoint that was called, if one was. */
    private record Result(
            AttemptResult result,
            TraceContext trace,
            @Nullable UUID endpointId) {}

    private record AttemptId(UUID deliveryId, int number) {}

    private final Transactions transactions;
    private final DeliveryStore deliveries;
    private final DeliveryEvents events;
    private final Outbox outbox;
    private final AttemptTimers timers;
    private final EndpointHealth endpoints;
    private final RetryPolicy policy;
    private final GroupCommit<Result, Boolean> groups;
    private final Map<AttemptId, Result> unrecorded = new ConcurrentHashMap<>();

    public RecordResults(
            Vertx vertx,
            DeliverySettings settings,
            Transactions transactions,
            DeliveryStore deliveries,
            DeliveryEvents events,
            Outbox outbox,
            AttemptTimers timers,
            EndpointHealth endpoints) {
        this.transactions = transactions;
        this.deliveries = deliveries;
        this.events = events;
        this.outbox = outbox;
        this.timers = timers;
        this.endpoints = endpoints;
        this.policy = RetryPolicy.parse(settings.retry().waits());
        this.groups = new GroupCommit<>(vertx, GroupCommit.Limits.of(settings.resultGroup(), 2), this::commit);
    }

    /** How many results are not recorded yet. */
    int open() {
        return unrecorded.size();
    }

    /** Returns at once; tries until it is recorded. */
    void record(AttemptResult result, TraceContext trace, @Nullable UUID endpointId) {
        var id = new AttemptId(result.call().deliveryId(), result.call().number());
        var kept = new Result(result, trace, endpointId);
        unrecorded.put(id, kept);
        groups.submit(kept)
                .onFailure()
                .invoke(failure -> LOG.warnf(failure, "The result of %s was not recorded; tried again", id))
                .onFailure()
                .retry()
                .withBackOff(FIRST_RETRY, LAST_RETRY)
                .indefinitely()
                .onTermination()
                .invoke(() -> unrecorded.remove(id))
                .subscribe()
                .with(recorded -> {}, failure -> LOG.errorf(failure, "The result of %s is lost", id));
    }

    /**
     * For deliveries whose calls were not recorded before their deadline; {@code tx} has locked them. The outcome is unknown, unless this node
     * made the call and only could not record it yet.
     */
    Uni<Void> recordOverdue(Tx tx, List<StoredDelivery> overdue) {
        return apply(tx, overdue, overdue.stream().map(this::resultOf).toList());
    }

    private Result resultOf(StoredDelivery overdue) {
        var delivery = overdue.delivery();
        var known = unrecorded.get(new AttemptId(delivery.id(), delivery.attempts()));
        if (known != null) {
            return known;
        }
        LOG.warnf("The outcome of delivery %s, attempt %d, is unknown", delivery.id(), delivery.attempts());
        return new Result(AttemptResult.unknown(delivery), overdue.trace(), null);
    }

    private Uni<List<Boolean>> commit(List<Result> group) {
        var ids = group.stream().map(one -> one.result.call().deliveryId()).toList();
        return transactions
                .inTransaction(tx -> deliveries
                        .lock(tx, ids)
                        .call(found -> deliveries.lockKeys(tx, found))
                        .chain(found -> apply(tx, found, group)))
                .replaceWith(group.stream().map(one -> true).toList());
    }

    private Uni<Void> apply(Tx tx, List<StoredDelivery> found, List<Result> results) {
        if (results.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var changes = new Changes(found);
        var now = timers.now();
        results.forEach(one -> add(changes, one, now));
        var saved = List.copyOf(changes.saved.values());
        return deliveries
                .save(tx, saved)
                .chain(() -> deliveries.record(tx, changes.recorded))
                .chain(() -> timers.follow(tx, saved))
                .chain(() -> outbox.append(tx, changes.told))
                .chain(() -> endpoints.record(tx, attempted(results), now));
    }

    /** What these results say about endpoints: nothing, when no endpoint was asked. */
    private static List<EndpointHealth.Attempted> attempted(List<Result> results) {
        var attempted = new ArrayList<EndpointHealth.Attempted>();
        for (var one : results) {
            var endpoint = one.endpointId;
            if (endpoint != null) {
                outcome(one.result)
                        .ifPresent(
                                outcome -> attempted.add(new EndpointHealth.Attempted(endpoint, outcome, one.trace)));
            }
        }
        return attempted;
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

    private void add(Changes changes, Result one, Instant now) {
        var before = Objects.requireNonNull(
                changes.known.get(one.result.call().deliveryId()), "a delivery is never deleted");
        var after = before.delivery().after(one.result, policy, now, ThreadLocalRandom.current()::nextDouble);
        boolean changed = after != before.delivery();
        var retryAt = changed && after.status() == DeliveryStatus.WAITING ? after.attemptAt() : null;
        changes.recorded.add(new DeliveryStore.Recorded(one.result, retryAt));
        if (changed) {
            var stored = before.with(after);
            changes.known.put(after.id(), stored);
            changes.saved.put(after.id(), after);
            changes.told.add(events.told(stored, one.trace, now));
        }
    }

    /** What a group of results comes to. */
    private static final class Changes {
        final Map<UUID, StoredDelivery> known = new LinkedHashMap<>();
        final Map<UUID, Delivery> saved = new LinkedHashMap<>();
        final List<DeliveryStore.Recorded> recorded = new ArrayList<>();
        final List<OutgoingEvent> told = new ArrayList<>();

        Changes(List<StoredDelivery> found) {
            found.forEach(one -> known.put(one.id(), one));
        }
    }
}
