package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.ContainmentSettings;
import dev.carillon.delivery.DeliverySettings;
import dev.carillon.delivery.attempt.AttemptResult;
import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.delivery.attempt.DeliveryStatus;
import dev.carillon.delivery.attempt.RetryPolicies;
import dev.carillon.delivery.attempt.messaging.DeliveryEvents;
import dev.carillon.delivery.attempt.store.DeliveryStore;
import dev.carillon.delivery.attempt.store.DeliveryStore.AttemptId;
import dev.carillon.delivery.attempt.store.StoredDelivery;
import dev.carillon.delivery.channel.Channels;
import dev.carillon.delivery.endpoint.usecase.EndpointHealth;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.telemetry.LogCategory;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.tx.GroupCommit;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Records what came of calls: attempt, delivery, next timer and event in one transaction, the results of many calls in one commit. A result is
 * kept in memory until it is recorded, for as long as the database is away.
 */
@ApplicationScoped
public class RecordResults {
    private static final LogCategory LOG = LogCategory.of(RecordResults.class);
    // Short, so that results are recorded before others find their deadlines passed once the database is back.
    private static final Duration FIRST_RETRY = Duration.ofMillis(100);
    private static final Duration LAST_RETRY = Duration.ofSeconds(1);

    /** Webhooks, mail and Telegram: each has so many calls open as may be. Of more relays or bots what finds no room is tried again. */
    private static final int CHANNELS = 3;

    private final Transactions transactions;
    private final DeliveryStore deliveries;
    private final DeliveryEvents events;
    private final Outbox outbox;
    private final AttemptTimers timers;
    private final UncalledIntents uncalled;
    private final EndpointHealth endpoints;
    private final MeterRegistry metrics;
    private final RetryPolicies policies;
    private final GroupCommit<IntentEnd, Boolean> groups;
    private final Map<AttemptId, IntentEnd> unrecorded = new ConcurrentHashMap<>();
    private final UnrecordedLog log = new UnrecordedLog();

    public RecordResults(
            Vertx vertx,
            Traces traces,
            DeliverySettings settings,
            RetryPolicies policies,
            ContainmentSettings containment,
            Transactions transactions,
            DeliveryStore deliveries,
            DeliveryEvents events,
            Outbox outbox,
            AttemptTimers timers,
            UncalledIntents uncalled,
            EndpointHealth endpoints,
            MeterRegistry metrics) {
        this.transactions = transactions;
        this.deliveries = deliveries;
        this.events = events;
        this.outbox = outbox;
        this.timers = timers;
        this.uncalled = uncalled;
        this.endpoints = endpoints;
        this.metrics = metrics;
        this.policies = policies;
        this.groups = new GroupCommit<>(
                vertx,
                traces,
                "results",
                GroupCommit.Limits.of(settings.resultGroup(), 2)
                        .gathering(settings.resultGather())
                        .withLongestQueue(mostOpen(containment.openCalls().channel())),
                this::commit);
    }

    void start(@Observes StartupEvent started, Channels channels) {
        // The first of a channel is an increase only of a counter that was there before.
        channels.all().forEach(channel -> withdrawn(channel.name()));
    }

    private Counter withdrawn(String channel) {
        return metrics.counter("carillon.delivery.intents.withdrawn", "channel", channel);
    }

    /** So that the results of all calls that stand open when the database goes away find room. */
    private static int mostOpen(int ofChannel) {
        return (int) Math.min(Integer.MAX_VALUE, (long) ofChannel * CHANNELS);
    }

    /** How many results are not recorded yet. */
    int open() {
        return unrecorded.size();
    }

    /** Returns at once; tries until it is recorded. */
    void record(IntentEnd ended) {
        var id = new AttemptId(ended.deliveryId(), ended.number());
        unrecorded.put(id, ended);
        var cause = ended instanceof EndedCall call ? call.trace() : TraceContext.NONE;
        groups.submit(ended, cause)
                .onFailure()
                .invoke(failure -> log.failed(ended, failure))
                .onFailure()
                .retry()
                .withBackOff(FIRST_RETRY, LAST_RETRY)
                .indefinitely()
                .onTermination()
                .invoke(() -> {
                    unrecorded.remove(id, ended);
                    log.ended(ended);
                })
                .subscribe()
                .with(recorded -> {}, failure -> LOG.error()
                        .in(cause.traceId())
                        .with("deliveryId", id.deliveryId())
                        .because(failure)
                        .say("The result of %s is lost", id));
    }

    /**
     * For deliveries whose calls were not recorded before their deadline; {@code tx} has locked them. The outcome is unknown, unless this node
     * knows what became of the intent and only could not record it yet.
     */
    Uni<Void> recordOverdue(Tx tx, List<StoredDelivery> overdue) {
        return apply(tx, overdue, overdue.stream().map(this::resultOf).toList());
    }

    private IntentEnd resultOf(StoredDelivery overdue) {
        var delivery = overdue.delivery();
        var known = unrecorded.get(new AttemptId(delivery.id(), delivery.attempts()));
        if (known != null && known.endsThatOf(delivery)) {
            return known;
        }
        var before = uncalled.take(delivery);
        if (before.isPresent()) {
            return withdraw(overdue, before.get());
        }
        DeliveryLog.about(LOG.warn(), overdue)
                .with("attempt", delivery.attempts())
                .say("The outcome of delivery %s, attempt %d, is unknown", delivery.id(), delivery.attempts());
        return new EndedCall(AttemptResult.unknown(delivery), overdue.trace(), null);
    }

    /** To be recorded now, and again should this transaction fail: nobody else knows. */
    NotCalled withdraw(StoredDelivery overdue, DeliveryStatus before) {
        var inFlight = overdue.delivery();
        DeliveryLog.about(LOG.warn(), overdue)
                .with("attempt", inFlight.attempts())
                .say("Delivery %s was not called in time; attempt %d begins anew", inFlight.id(), inFlight.attempts());
        var notCalled = NotCalled.of(inFlight, before);
        withdraw(notCalled, inFlight);
        return notCalled;
    }

    /** As {@link #withdraw(StoredDelivery, DeliveryStatus)}, but the attempt begins anew after a pause. A tenant can cause many of them, so they are not logged. */
    void withdraw(Delivery inFlight, DeliveryStatus before, Duration pause) {
        withdraw(NotCalled.of(inFlight, before, pause), inFlight);
    }

    private void withdraw(NotCalled notCalled, Delivery inFlight) {
        withdrawn(inFlight.channel()).increment();
        record(notCalled);
    }

    private Uni<List<Boolean>> commit(List<IntentEnd> group) {
        var ids = group.stream().map(IntentEnd::deliveryId).toList();
        return transactions
                .inTransaction(tx -> deliveries
                        .lock(tx, ids)
                        .call(found -> deliveries.lockKeys(tx, found))
                        .chain(found -> apply(tx, found, group)))
                .replaceWith(group.stream().map(one -> true).toList());
    }

    private Uni<Void> apply(Tx tx, List<StoredDelivery> found, List<? extends IntentEnd> results) {
        if (results.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var now = timers.now();
        var changes = new ResultChanges(found, policies, events, now, ThreadLocalRandom.current()::nextDouble);
        results.forEach(changes::add);
        tx.afterCommit(changes::log);
        return deliveries
                .save(tx, changes.saved())
                .chain(() -> deliveries.record(tx, changes.recorded()))
                .chain(() -> deliveries.withdraw(tx, changes.withdrawn()))
                .chain(() -> timers.followLanded(tx, changes.saved()))
                .chain(() -> outbox.append(tx, changes.told()))
                .chain(() -> endpoints.record(tx, changes.attempted(), now));
    }
}
