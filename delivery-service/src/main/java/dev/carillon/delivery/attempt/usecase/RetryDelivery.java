package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.attempt.DeliveryStatus;
import dev.carillon.delivery.attempt.store.DeliveryStore;
import dev.carillon.delivery.attempt.store.StoredDelivery;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
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

    private final Transactions transactions;
    private final DeliveryStore deliveries;
    private final AttemptAgain attemptAgain;
    private final Traces traces;
    private final IdempotencyKeys keys;
    private final AttemptClock clock;

    public RetryDelivery(
            Transactions transactions,
            DeliveryStore deliveries,
            AttemptAgain attemptAgain,
            Traces traces,
            IdempotencyKeys keys) {
            AttemptClock clock,
        this.transactions = transactions;
        this.deliveries = deliveries;
        this.attemptAgain = attemptAgain;
        this.traces = traces;
        this.keys = keys;
        this.clock = clock;
    }

    public Uni<Outcome> retry(String tenant, UUID id, IdempotencyKeys.@Nullable Key key) {
        return transactions.inTransaction(tx -> keys.judge(tx, Collections.singletonList(key))
                .chain(verdicts -> verdicts.getFirst() instanceof Verdict.Fresh
                        ? retryFresh(tx, tenant, id).call(outcome -> remember(tx, outcome, id, key))
                        : Uni.createFrom().item(new Outcome.Decided(verdicts.getFirst()))));
    }

    private Uni<Outcome> retryFresh(Tx tx, String tenant, UUID id) {
        return deliveries.lock(tx, tenant, id).chain(found -> found.map(
                        one -> deliveries.lockKeys(tx, List.of(one)).chain(() -> retry(tx, one)))
                .orElseGet(() -> Uni.createFrom().item(new Outcome.NotFound())));
    }

    private Uni<Void> remember(Tx tx, Outcome outcome, UUID id, IdempotencyKeys.@Nullable Key key) {
        return key != null && outcome instanceof Outcome.Retried
                ? keys.remember(tx, List.of(new IdempotencyKeys.Answered(key, 200, id)))
                : Uni.createFrom().voidItem();
    }

    private Uni<Outcome> retry(Tx tx, StoredDelivery found) {
        var delivery = found.delivery();
        return switch (delivery.status()) {
            case WAITING, DEAD -> {
                var now = clock.instant();
                var expiresAt = delivery.expiresAt();
                yield expiresAt != null && delivery.isExpiredAt(now)
                        ? Uni.createFrom().item(new Outcome.Expired(expiresAt))
                        : attemptAgain
                                .begin(tx, List.of(found.with(delivery.redriven(now))), one -> traces.current())
                                .replaceWith(new Outcome.Retried());
            }
            case PENDING, IN_FLIGHT, HELD, DELIVERED, EXPIRED, RECALLED ->
                Uni.createFrom().item(new Outcome.Refused(delivery.status()));
        };
    }
}
