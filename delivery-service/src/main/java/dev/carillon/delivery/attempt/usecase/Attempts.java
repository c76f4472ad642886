package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.DeliverySettings;
import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.delivery.attempt.messaging.DeliveryEvents;
import dev.carillon.delivery.attempt.store.DeliveryStore;
import dev.carillon.delivery.attempt.store.StoredDelivery;
import dev.carillon.delivery.channel.Channels;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.timer.Due;
import dev.carillon.kit.timer.TimerSettings;
import dev.carillon.kit.timer.Timers;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Begins attempts: a moment before the instant their intent is committed, many in one commit, and only then may a call be made. A delivery whose
 * call has not been recorded at its deadline is taken for one of unknown outcome, by whichever node holds its timer then.
 */
@ApplicationScoped
public class Attempts {
    private final DeliverySettings settings;
    private final Transactions transactions;
    private final DeliveryStore deliveries;
    private final DeliveryEvents events;
    private final Outbox outbox;
    private final ProviderCalls calls;
    private final RecordResults results;
    private final Timers timers;
    private final AttemptTimers attemptTimers;

    public Attempts(
            DeliverySettings settings,
            TimerSettings timerSettings,
            Pool pool,
            Vertx vertx,
            Transactions transactions,
            DeliveryStore deliveries,
            DeliveryEvents events,
            Outbox outbox,
            Channels channels,
            ProviderCalls calls,
            RecordResults results,
            MeterRegistry metrics) {
        this.settings = settings;
        this.transactions = transactions;
        this.deliveries = deliveries;
        this.events = events;
        this.outbox = outbox;
        this.calls = calls;
        this.results = results;
        this.timers = new Timers("attempts", pool, vertx, timerSettings, settings.intentLead(), this::begin);
        this.attemptTimers = new AttemptTimers(timers, channels, settings);
        metrics.gauge("carillon.timer.held", timers, Timers::held);
        metrics.gauge(
                "carillon.clock.skew.seconds", timers, t -> t.clock().skew().toNanos() / 1e9);
    }

    void start(@Observes StartupEvent started) {
        if (settings.intentLead().compareTo(Duration.ofMillis(500)) > 0) {
            throw new IllegalStateException(
                    "carillon.delivery.intent-lead is %s; it must be at most PT0.5S".formatted(settings.intentLead()));
        }
        calls.start(timers, results::record);
        results.start(attemptTimers, timers.clock());
        timers.start().await().atMost(Duration.ofSeconds(10));
    }

    void stop(@Observes ShutdownEvent stopping) {
        timers.stop(settings.stopPatience(), () -> calls.open() == 0 && results.open() == 0)
                .await()
                .atMost(settings.stopPatience().plusSeconds(2));
        calls.close();
    }

    /** The database's clock. */
    public Instant now() {
        return timers.clock().instant();
    }

    AttemptTimers timers() {
        return attemptTimers;
    }

    private Uni<Void> begin(List<Due> due) {
        return transactions
                // Deliveries are locked before their timers, here as everywhere, so that nobody waits for each other.
                .inTransaction(tx -> deliveries
                        .lock(tx, due.stream().map(Due::id).toList())
                        .chain(found -> timers.take(tx, due).chain(taken -> begin(tx, found, taken))))
                .invoke(begun -> begun.forEach(calls::make))
                .replaceWithVoid();
    }

    private Uni<List<StoredDelivery>> begin(Tx tx, List<StoredDelivery> found, Set<UUID> taken) {
        var mine = found.stream().filter(one -> taken.contains(one.id())).toList();
        var keyed = mine.stream()
                .filter(one -> one.delivery().orderingKey() != null)
                .map(StoredDelivery::id)
                .toList();
        return deliveries.blocked(tx, keyed).chain(blocked -> begin(tx, new Sorted(mine, blocked, now())));
    }

    private Uni<List<StoredDelivery>> begin(Tx tx, Sorted sorted) {
        var now = now();
        var changed = new ArrayList<Delivery>();
        sorted.begun.forEach(one -> changed.add(one.delivery()));
        sorted.expired.forEach(one -> changed.add(one.delivery()));
        var told = sorted.expired.stream().map(one -> events.told(one, now)).toList();
        return deliveries
                .save(tx, changed)
                .chain(() -> deliveries.begin(
                        tx, sorted.begun.stream().map(StoredDelivery::delivery).toList()))
                .chain(() -> attemptTimers.arm(tx, changed))
                .chain(() -> attemptTimers.armBlocked(tx, sorted.blocked))
                .chain(() -> outbox.append(tx, told))
                .chain(() -> results.recordUnknown(tx, sorted.overdue))
                .replaceWith(sorted.begun);
    }

    /** What the timers that fired together come to. */
    private static final class Sorted {
        final List<StoredDelivery> begun = new ArrayList<>();
        final List<StoredDelivery> expired = new ArrayList<>();
        final List<StoredDelivery> overdue = new ArrayList<>();
        final List<Delivery> blocked = new ArrayList<>();

        Sorted(List<StoredDelivery> due, Set<UUID> blockedIds, Instant now) {
            for (var one : due) {
                var delivery = one.delivery();
                switch (delivery.status()) {
                    case PENDING, WAITING -> {
                        var begins = delivery.attemptAt().isAfter(now) ? delivery.attemptAt() : now;
                        if (delivery.isExpiredAt(begins)) {
                            expired.add(one.with(delivery.expired(now)));
                        } else if (blockedIds.contains(one.id())) {
                            blocked.add(delivery);
                        } else {
                            begun.add(one.with(delivery.inFlight(now)));
                        }
                    }
                    case IN_FLIGHT -> overdue.add(one);
                    case HELD, DELIVERED, DEAD, EXPIRED, RECALLED -> {}
                }
            }
        }
    }
}
