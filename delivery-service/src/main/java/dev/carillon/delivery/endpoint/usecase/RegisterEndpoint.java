package dev.carillon.delivery.endpoint.usecase;

import dev.carillon.delivery.EndpointSettings;
import dev.carillon.delivery.channel.SigningSecret;
import dev.carillon.delivery.endpoint.Endpoint;
import dev.carillon.delivery.endpoint.messaging.EndpointEvents;
import dev.carillon.delivery.endpoint.messaging.EndpointEvents.Kind;
import dev.carillon.delivery.endpoint.store.EndpointStore;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Registers an endpoint: its row, its first secret and its event in one transaction. */
@ApplicationScoped
public class RegisterEndpoint {
    /** What the wish came to. */
    public sealed interface Outcome {
        record Registered(Endpoint endpoint) implements Outcome {}

        /** The tenant has one for outcomes already. */
        record OutcomesTaken() implements Outcome {}

        /** The tenant has as many as it may. */
        record TooMany(int most) implements Outcome {}

        /** The Idempotency-Key has decided already. */
        record Decided(Verdict verdict) implements Outcome {}
    }

    private static final int CREATED = 201;

    private final int most;
    private final Transactions transactions;
    private final EndpointStore endpoints;
    private final EndpointEvents events;
    private final Outbox outbox;
    private final EventIds ids;
    private final Traces traces;
    private final IdempotencyKeys keys;

    /** @throws IllegalArgumentException when the settings would let nothing be registered */
    public RegisterEndpoint(
            EndpointSettings settings,
            Transactions transactions,
            EndpointStore endpoints,
            EndpointEvents events,
            Outbox outbox,
            EventIds ids,
            Traces traces,
            IdempotencyKeys keys) {
        this.most = settings.most();
        if (most < 1) {
            throw new IllegalArgumentException("carillon.endpoints.most is at least 1");
        }
        this.transactions = transactions;
        this.endpoints = endpoints;
        this.events = events;
        this.outbox = outbox;
        this.ids = ids;
        this.traces = traces;
        this.keys = keys;
    }

    public Uni<Outcome> register(Endpoint endpoint, SigningSecret secret, IdempotencyKeys.@Nullable Key key) {
        return transactions.inTransaction(tx ->
                keys.once(tx, key, () -> register(tx, endpoint, secret), RegisterEndpoint::made, Outcome.Decided::new));
    }

    private Uni<Outcome> register(Tx tx, Endpoint endpoint, SigningSecret secret) {
        return endpoints
                .count(tx, endpoint.tenant())
                .chain(count -> count >= most
                        ? Uni.createFrom().item(new Outcome.TooMany(most))
                        : registerOneMore(tx, endpoint, secret));
    }

    private Uni<Outcome> registerOneMore(Tx tx, Endpoint endpoint, SigningSecret secret) {
        return taken(tx, endpoint)
                .chain(taken -> taken
                        ? Uni.createFrom().item(new Outcome.OutcomesTaken())
                        : insert(tx, endpoint, secret).replaceWith(new Outcome.Registered(endpoint)));
    }

    private Uni<Boolean> taken(Tx tx, Endpoint endpoint) {
        return endpoint.receives() == Endpoint.Receives.OUTCOMES
                ? endpoints.hasOtherOfOutcomes(tx, endpoint)
                : Uni.createFrom().item(false);
    }

    private Uni<Void> insert(Tx tx, Endpoint endpoint, SigningSecret secret) {
        var now = endpoint.createdAt();
        return endpoints
                .insert(tx, endpoint)
                .chain(() -> endpoints.addSecret(tx, endpoint, ids.next(), secret, now))
                .chain(() -> outbox.append(tx, events.told(Kind.CREATED, endpoint, traces.current(), now)));
    }

    private static Optional<IdempotencyKeys.Made> made(Outcome outcome) {
        return outcome instanceof Outcome.Registered(Endpoint endpoint)
                ? Optional.of(new IdempotencyKeys.Made(CREATED, endpoint.id()))
                : Optional.empty();
    }
}
