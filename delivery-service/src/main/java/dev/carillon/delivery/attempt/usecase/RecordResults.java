package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.DeliverySettings;
import dev.carillon.delivery.attempt.AttemptResult;
import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.delivery.attempt.DeliveryStatus;
import dev.carillon.delivery.attempt.RetryPolicy;
import dev.carillon.delivery.attempt.messaging.DeliveryEvents;
import dev.carillon.delivery.attempt.store.DeliveryStore;
import dev.carillon.delivery.attempt.store.StoredDelivery;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Records what came of calls: attempt, delivery, next timer and event in one transaction, the results of many calls in one commit. A result is
 * kept in memory until it is recorded, for as long as the database is away.
 */
@ApplicationScoped
public class RecordResults {
    private static final Logger LOG = Logger.getLogger(RecordResults.class);

    /** A result, and the trace of the call that it came from. */
    private record Result(AttemptResult result, TraceContext trace) {}

    private final Transactions transactions;
    private final DeliveryStore deliveries;
    private final DeliveryEvents events;
    private final Outbox outbox;
    private final RetryPolicy policy;
    private final GroupCommit<Result, Boolean> groups;
    private final AtomicInteger open = new AtomicInteger();
    private @Nullable AttemptTimers timers;
    private @Nullable InstantSource clock;

    public RecordResults(
            Vertx vertx,
            DeliverySettings settings,
            Transactions transactions,
            DeliveryStore deliveries,
            DeliveryEvents events,
            Outbox outbox) {
        this.transactions = transactions;
        this.deliveries = deliveries;
        this.events = events;
        this.outbox = outbox;
        this.policy = RetryPolicy.parse(settings.retry().waits());
        this.groups = new GroupCommit<>(vertx, settings.resultGroup(), 2, this::commit);
    }

    void start(AttemptTimers attemptTimers, InstantSource databaseClock) {
        timers = attemptTimers;
        clock = databaseClock;
    }

    /** How many results are not recorded yet. */
    int open() {
        return open.get();
    }

    /** @param called the delivery with the trace of its call */
    void record(StoredDelivery called, AttemptResult result) {
        open.incrementAndGet();
        groups.submit(new Result(result, called.trace()))
                .onFailure()
                .invoke(failure ->
                        LOG.warnf(failure, "The result of delivery %s was not recorded; tried again", called.id()))
                .onFailure()
                .retry()
                .withBackOff(Duration.ofMillis(200), Duration.ofSeconds(5))
                .indefinitely()
                .onTermination()
                .invoke(open::decrementAndGet)
                .subscribe()
                .with(recorded -> {}, failure -> LOG.errorf(failure, "The result of delivery %s is lost", called.id()));
    }

    /** For deliveries whose calls were not recorded before their deadline; the rows are locked by {@code tx}. */
    Uni<Void> recordUnknown(Tx tx, List<StoredDelivery> overdue) {
        var unknown = overdue.stream()
                .map(one -> new Result(AttemptResult.unknown(one.delivery()), one.trace()))
                .toList();
        overdue.forEach(one -> LOG.warnf(
                "The outcome of delivery %s, attempt %d, is unknown",
                one.id(), one.delivery().attempts()));
        return apply(tx, overdue, unknown);
    }

    private Uni<List<Boolean>> commit(List<Result> group) {
        var ids = group.stream().map(one -> one.result.deliveryId()).toList();
        return transactions
                .inTransaction(tx -> deliveries.lock(tx, ids).chain(found -> apply(tx, found, group)))
                .replaceWith(group.stream().map(one -> true).toList());
    }

    private Uni<Void> apply(Tx tx, List<StoredDelivery> found, List<Result> results) {
        if (results.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var now = Objects.requireNonNull(clock).instant();
        Map<UUID, StoredDelivery> known = new HashMap<>();
        found.forEach(one -> known.put(one.id(), one));
        var changed = new HashMap<UUID, Delivery>();
        var told = new ArrayList<OutgoingEvent>();
        var recorded = new ArrayList<DeliveryStore.Recorded>();
        for (var one : results) {
            var before = Objects.requireNonNull(known.get(one.result.deliveryId()), "a delivery is never deleted");
            var after = before.with(
                    before.delivery().after(one.result, policy, now, ThreadLocalRandom.current()::nextDouble));
            recorded.add(new DeliveryStore.Recorded(
                    one.result,
                    after.delivery().status() == DeliveryStatus.WAITING
                            ? after.delivery().attemptAt()
                            : null));
            if (after.delivery() != before.delivery()) {
                known.put(after.id(), after);
                changed.put(after.id(), after.delivery());
                told.add(events.told(after, one.trace, now));
            }
        }
        var saved = List.copyOf(changed.values());
        var at = Objects.requireNonNull(timers);
        return deliveries
                .save(tx, saved)
                .chain(() -> deliveries.record(tx, recorded))
                .chain(() -> at.disarmEnded(tx, saved))
                .chain(() -> at.arm(tx, saved))
                .chain(() -> armNextOfKeys(tx, saved))
                .chain(() -> outbox.append(tx, told));
    }

    private Uni<Void> armNextOfKeys(Tx tx, List<Delivery> saved) {
        var ended = saved.stream().filter(one -> one.status().isEnd()).toList();
        return deliveries.nextOfKeys(tx, ended).chain(next -> Objects.requireNonNull(timers)
                .arm(tx, next.stream().map(StoredDelivery::delivery).toList()));
    }
}
