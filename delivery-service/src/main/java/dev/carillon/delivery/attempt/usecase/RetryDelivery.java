package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.attempt.DeliveryStatus;
import dev.carillon.delivery.attempt.messaging.DeliveryEvents;
import dev.carillon.delivery.attempt.store.DeliveryStore;
import dev.carillon.delivery.attempt.store.StoredDelivery;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;

/** Attempts a delivery again at once that waits for a retry or is dead: a new attempt with the same idempotency key. */
@ApplicationScoped
public class RetryDelivery {
    /** What the wish came to. */
    public sealed interface Outcome {
        record Retried() implements Outcome {}

        record NotFound() implements Outcome {}

        /** It is not waiting and not dead. */
        record Refused(DeliveryStatus status) implements Outcome {}
    }

    private final Transactions transactions;
    private final DeliveryStore deliveries;
    private final DeliveryEvents events;
    private final Outbox outbox;
    private final AttemptTimers timers;
    private final Traces traces;

    public RetryDelivery(
            Transactions transactions,
            DeliveryStore deliveries,
            DeliveryEvents events,
            Outbox outbox,
            AttemptTimers timers,
            Traces traces) {
        this.transactions = transactions;
        this.deliveries = deliveries;
        this.events = events;
        this.outbox = outbox;
        this.timers = timers;
        this.traces = traces;
    }

    public Uni<Outcome> retry(String tenant, UUID id) {
        return transactions.inTransaction(
                tx -> deliveries.lock(tx, tenant, id).chain(found -> found.map(one -> retry(tx, one))
                        .orElseGet(() -> Uni.createFrom().item(new Outcome.NotFound()))));
    }

    private Uni<Outcome> retry(Tx tx, StoredDelivery found) {
        return switch (found.delivery().status()) {
            case WAITING, DEAD -> {
                var now = timers.now();
                var again = found.delivery().retriedNow(now);
                yield deliveries
                        .save(tx, List.of(again))
                        .chain(() -> timers.follow(tx, List.of(again)))
                        .chain(() -> outbox.append(tx, events.redriven(found.with(again), traces.current(), now)))
                        .replaceWith(new Outcome.Retried());
            }
            case PENDING, IN_FLIGHT, HELD, DELIVERED, EXPIRED, RECALLED ->
                Uni.createFrom().item(new Outcome.Refused(found.delivery().status()));
        };
    }
}
