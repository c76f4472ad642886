package dev.carillon.delivery.notice.usecase;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.delivery.attempt.usecase.AcceptMessages;
import dev.carillon.delivery.attempt.usecase.AttemptClock;
import dev.carillon.delivery.endpoint.Endpoint;
import dev.carillon.delivery.endpoint.store.EndpointStore;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sends an endpoint a webhook that says nothing, as a delivery like any other: signed, attempted, retried, shown. */
@ApplicationScoped
public class PingEndpoint {
    /** What the wish came to. */
    public sealed interface Outcome {
        /** @param messageId what the ping's delivery is found by, and its {@code webhook-id} */
        record Sent(UUID messageId) implements Outcome {}

        record NotFound() implements Outcome {}

        /** It would be held. */
        record Disabled() implements Outcome {}

        /** The Idempotency-Key has decided already. */
        record Decided(Verdict verdict) implements Outcome {}
    }

    private static final int ACCEPTED = 202;

    private final Transactions transactions;
    private final EndpointStore endpoints;
    private final AcceptMessages acceptMessages;
    private final AttemptClock clock;
    private final EventIds ids;
    private final Traces traces;
    private final ObjectMapper json;
    private final IdempotencyKeys keys;

    public PingEndpoint(
            Transactions transactions,
            EndpointStore endpoints,
            AcceptMessages acceptMessages,
            AttemptClock clock,
            EventIds ids,
            Traces traces,
            ObjectMapper json,
            IdempotencyKeys keys) {
        this.transactions = transactions;
        this.endpoints = endpoints;
        this.acceptMessages = acceptMessages;
        this.clock = clock;
        this.ids = ids;
        this.traces = traces;
        this.json = json;
        this.keys = keys;
    }

    public Uni<Outcome> ping(String tenant, UUID endpointId, IdempotencyKeys.@Nullable Key key) {
        return transactions.inTransaction(
                tx -> keys.once(tx, key, () -> ping(tx, tenant, endpointId), PingEndpoint::made, Outcome.Decided::new));
    }

    private Uni<Outcome> ping(Tx tx, String tenant, UUID endpointId) {
        return endpoints.find(tx, tenant, endpointId).chain(found -> {
            if (found.isEmpty()) {
                return Uni.createFrom().item(new Outcome.NotFound());
            }
            return found.get().isDisabled() ? Uni.createFrom().item(new Outcome.Disabled()) : send(tx, found.get());
        });
    }

    private Uni<Outcome> send(Tx tx, Endpoint endpoint) {
        var now = clock.instant();
        var data = json.createObjectNode().put("endpointId", endpoint.id().toString());
        var notice =
                new Notice(ids.next(), endpoint.tenant(), endpoint.id(), "endpoint.ping", now, data, traces.current());
        return acceptMessages.accept(tx, List.of(notice.staged(json, now))).replaceWith(new Outcome.Sent(notice.id()));
    }

    private static Optional<IdempotencyKeys.Made> made(Outcome outcome) {
        return outcome instanceof Outcome.Sent(UUID messageId)
                ? Optional.of(new IdempotencyKeys.Made(ACCEPTED, messageId))
                : Optional.empty();
    }
}
