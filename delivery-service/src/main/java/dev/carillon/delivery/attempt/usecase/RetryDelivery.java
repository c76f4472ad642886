package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.attempt.DeliveryStatus;
import dev.carillon.delivery.attempt.store.DeliveryStore;
import dev.carillon.delivery.attempt.store.StoredDelivery;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.opentelemetry.api.trace.Span;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Attempts a delivery again at once that waits for a retry or is dead: a new attempt with the same idempotency key. */
@ApplicationScoped
public class RetryDelivery {
    /** What the wish came to. */
    public sealed interface Outcome {
        record Retried() implements Outcome {}

        record NotFound() implements Outcome {}

        /** It is not waiting and not dead. */
        record Refused(DeliveryStatus status) implements Outcome {}

        /** Its message was only wanted until then. */
        record Expired(Instant expiredAt) implements Outcome {}

        /** The Idempotency-Key has decided already. */
        record Decided(Verdict verdict) implements Outcome {}
    }

    private static final int OK = 200;

    private final Transactions transactions;
    private final DeliveryStore deliveries;
    private final AttemptAgain attemptAgain;
    private final AttemptClock clock;
    private final Traces traces;
    private final IdempotencyKeys keys;

    public RetryDelivery(
            Transactions transactions,
            DeliveryStore deliveries,
            AttemptAgain attemptAgain,
            AttemptClock clock,
            Traces traces,
            IdempotencyKeys keys) {
        this.transactions = transactions;
        this.deliveries = deliveries;
        this.attemptAgain = attemptAgain;
        this.clock = clock;
        this.traces = traces;
        this.keys = keys;
    }

    public Uni<Outcome> retry(String tenant, UUID id, IdempotencyKeys.@Nullable Key key) {
        return transactions.inTransaction(tx ->
                keys.once(tx, key, () -> retry(tx, tenant, id), outcome -> made(outcome, id), Outcome.Decided::new));
    }

    private Uni<Outcome> retry(Tx tx, String tenant, UUID id) {
        return deliveries.lock(tx, tenant, id).chain(found -> found.map(
                        one -> deliveries.lockKeys(tx, List.of(one)).chain(() -> retry(tx, one)))
                .orElseGet(() -> Uni.createFrom().item(new Outcome.NotFound())));
    }

    private static Optional<IdempotencyKeys.Made> made(Outcome outcome, UUID id) {
        return outcome instanceof Outcome.Retried ? Optional.of(new IdempotencyKeys.Made(OK, id)) : Optional.empty();
    }

    /** The request's trace leads to the message's, and the attempt in that leads back to the request. */
    private Uni<Outcome> retry(Tx tx, StoredDelivery found, Instant now) {
        var request = traces.current();
        traces.link(Span.current(), found.trace());
        return attemptAgain
                .begin(tx, List.of(found.with(found.delivery().redriven(now))), one -> request, request)
                .replaceWith(new Outcome.Retried());
    }

    private Uni<Outcome> retry(Tx tx, StoredDelivery found) {
        var delivery = found.delivery();
        return switch (delivery.status()) {
            case WAITING, DEAD -> {
                var now = clock.instant();
                var expiresAt = delivery.expiresAt();
                yield expiresAt != null && delivery.isExpiredAt(now)
                        ? Uni.createFrom().item(new Outcome.Expired(expiresAt))
                        : retry(tx, found, now);
            }
            case PENDING, IN_FLIGHT, HELD, DELIVERED, EXPIRED, RECALLED ->
                Uni.createFrom().item(new Outcome.Refused(delivery.status()));
        };
    }
}
