package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.DeliverySettings;
import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.delivery.attempt.Firing;
import dev.carillon.delivery.attempt.messaging.DeliveryEvents;
import dev.carillon.delivery.attempt.store.Consignment;
import dev.carillon.delivery.attempt.store.DeliveryStore;
import dev.carillon.delivery.attempt.store.StoredDelivery;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.timer.Due;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Begins attempts: a moment before the instant their intent is committed, many in one commit, and only then may a call be made. A delivery whose
 * call has not been recorded at its deadline is taken for one of unknown outcome, by whichever node holds its timer then.
 */
@ApplicationScoped
public class Attempts {
    private static final Duration DATABASE_ANSWERS_WITHIN = Duration.ofSeconds(10);

    private final DeliverySettings settings;
    private final Transactions transactions;
    private final DeliveryStore deliveries;
    private final DeliveryEvents events;
    private final Outbox outbox;
    private final AttemptTimers timers;
    private final ProviderCalls calls;
    private final RecordResults results;
    private volatile boolean started;

    public Attempts(
            DeliverySettings settings,
            Transactions transactions,
            DeliveryStore deliveries,
            DeliveryEvents events,
            Outbox outbox,
            AttemptTimers timers,
            ProviderCalls calls,
            RecordResults results) {
        this.settings = settings;
        this.transactions = transactions;
        this.deliveries = deliveries;
        this.events = events;
        this.outbox = outbox;
        this.timers = timers;
        this.calls = calls;
        this.results = results;
    }

    /** Before the consumers start, so that what they accept is armed by this node's lease and the database's clock. */
    void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE + 100) StartupEvent starting) {
        calls.start();
        timers.start(this::begin).await().atMost(DATABASE_ANSWERS_WITHIN);
        started = true;
    }

    void stop(@Observes ShutdownEvent stopping) {
        timers.stop(settings.stopPatience(), () -> calls.open() == 0 && results.open() == 0)
                .await()
                .atMost(settings.stopPatience().plusSeconds(2));
        calls.close();
    }

    /** Whether this node attempts what is due. */
    public boolean areRunning() {
        return started && timers.holdsLease();
    }

    private Uni<Void> begin(List<Due> due) {
        return transactions
                // Deliveries are locked before their keys, and those before their timers, here as everywhere, so that
                // nobody waits for each other.
                .inTransaction(tx -> deliveries
                        .lock(tx, due.stream().map(Due::id).toList())
                        .call(found -> deliveries.lockKeys(tx, found))
                        .chain(found -> timers.take(tx, due).chain(taken -> begin(tx, found, taken))))
                .invoke(begun -> begun.forEach(calls::make))
                .replaceWithVoid();
    }

    private Uni<List<Consignment>> begin(Tx tx, List<StoredDelivery> found, Set<UUID> taken) {
        var mine = found.stream().filter(one -> taken.contains(one.id())).toList();
        return deliveries.blocked(tx, mine).chain(blocked -> apply(tx, sorted(mine, blocked)));
    }

    /** What the timers that fired together come to. */
    private record Fired(
            List<StoredDelivery> begun,
            List<StoredDelivery> expired,
            List<StoredDelivery> overdue,
            List<Delivery> blocked,
            List<Delivery> early) {}

    private Fired sorted(List<StoredDelivery> due, Set<UUID> blocked) {
        var now = timers.now();
        var fired = new Fired(
                new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (var one : due) {
            var timeout = timers.timeout(one.delivery());
            switch (Firing.of(one.delivery(), blocked.contains(one.id()), timeout, timers.headStart(), now)) {
                case Firing.Begins(Delivery inFlight) -> fired.begun.add(one.with(inFlight));
                case Firing.Expires(Delivery expired) -> fired.expired.add(one.with(expired));
                case Firing.Overdue(Delivery inFlight) -> fired.overdue.add(one.with(inFlight));
                case Firing.Blocked(Delivery later) -> fired.blocked.add(later);
                case Firing.Early(Delivery later) -> fired.early.add(later);
                case Firing.Nothing() -> {}
            }
        }
        return fired;
    }

    private Uni<List<Consignment>> apply(Tx tx, Fired fired) {
        var now = timers.now();
        var changed = Stream.concat(fired.begun.stream(), fired.expired.stream())
                .map(StoredDelivery::delivery)
                .toList();
        var told = fired.expired.stream().map(one -> events.told(one, now)).toList();
        return deliveries
                .save(tx, changed)
                // First those that wait for others: what ends here may give one of them its turn.
                .chain(() -> timers.recheck(tx, fired.blocked))
                .chain(() -> timers.follow(
                        tx,
                        Stream.concat(changed.stream(), fired.early.stream()).toList()))
                .chain(() -> outbox.append(tx, told))
                .chain(() -> results.recordOverdue(tx, fired.overdue))
                .chain(() -> deliveries.begin(tx, fired.begun));
    }
}
