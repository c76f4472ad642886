package dev.carillon.delivery.endpoint.usecase;

import dev.carillon.delivery.EndpointSettings;
import dev.carillon.delivery.channel.SigningSecret;
import dev.carillon.delivery.endpoint.Endpoint;
import dev.carillon.delivery.endpoint.Endpoint.Because;
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
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a tenant does with an endpoint that it has: each change is one transaction with its event. */
@ApplicationScoped
public class ChangeEndpoint {
    /** Beyond it a signature header would grow without bound. */
    static final int MOST_SECRETS = 5;

    private static final int OK = 200;

    /** What the wish came to. */
    public sealed interface Outcome {
        record Changed(Endpoint endpoint) implements Outcome {}

        /** It has another secret; the one before signs beside it until {@code overlapEndsAt}. */
        record Rotated(Endpoint endpoint, Instant overlapEndsAt) implements Outcome {}

        record NotFound() implements Outcome {}

        /** The client meant another revision than {@code actual}. */
        record OtherRevision(int actual) implements Outcome {}

        /** The tenant has another one for outcomes. */
        record OutcomesTaken() implements Outcome {}

        /** As many secrets sign as may. */
        record TooManySecrets() implements Outcome {}

        /** The Idempotency-Key has decided already. */
        record Decided(Verdict verdict) implements Outcome {}
    }

    /**
     * Which endpoint is meant.
     *
     * @param revision as the client knows it; null for any
     */
    public record Which(String tenant, UUID id, @Nullable Integer revision, IdempotencyKeys.@Nullable Key key) {}

    /** What is done with an endpoint that is there, locked, and as its client knows it. */
    private interface Action {
        Uni<Outcome> on(Tx tx, Endpoint endpoint);
    }

    private final EndpointSettings settings;
    private final Transactions transactions;
    private final EndpointStore endpoints;
    private final EndpointEvents events;
    private final Outbox outbox;
    private final EndpointNotices notices;
    private final HeldDeliveries held;
    private final EventIds ids;
    private final Traces traces;
    private final IdempotencyKeys keys;

    public ChangeEndpoint(
            EndpointSettings settings,
            Transactions transactions,
            EndpointStore endpoints,
            EndpointEvents events,
            Outbox outbox,
            EndpointNotices notices,
            HeldDeliveries held,
            EventIds ids,
            Traces traces,
            IdempotencyKeys keys) {
        this.settings = settings;
        this.transactions = transactions;
        this.endpoints = endpoints;
        this.events = events;
        this.outbox = outbox;
        this.notices = notices;
        this.held = held;
        this.ids = ids;
        this.traces = traces;
        this.keys = keys;
    }

    /** @param change what the client makes of it; what it throws ends the request, with nothing changed */
    public Uni<Outcome> change(Which which, UnaryOperator<Endpoint> change, Instant now) {
        return once(which, (tx, endpoint) -> {
            var after = change.apply(endpoint);
            boolean toOutcomes = after.receives() == Endpoint.Receives.OUTCOMES && after != endpoint;
            return (toOutcomes
                            ? endpoints.hasOtherOfOutcomes(tx, after)
                            : Uni.createFrom().item(false))
                    .chain(taken -> taken
                            ? Uni.createFrom().item(new Outcome.OutcomesTaken())
                            : saved(tx, endpoint, after, Kind.CHANGED, now));
        });
    }

    /** Nothing goes to it from the next attempt on: that is held. */
    public Uni<Outcome> disable(Which which, Instant now) {
        return once(
                which,
                (tx, endpoint) -> saved(tx, endpoint, endpoint.disabled(Because.REQUESTED, now), Kind.DISABLED, now));
    }

    /** What was held is let go, at the rate of the settings; enabling what is enabled does not hasten it. */
    public Uni<Outcome> enable(Which which, Instant now) {
        return once(which, (tx, endpoint) -> saved(tx, endpoint, endpoint.enabled(), Kind.RECOVERED, now)
                .call(() -> endpoint.status() == Endpoint.Status.DISABLED
                        ? held.letGo(tx, endpoint.id())
                        : Uni.createFrom().voidItem()));
    }

    /** For good. What was held, and what still comes, fails by name. */
    public Uni<Outcome> delete(Which which, Instant now) {
        return once(which, (tx, endpoint) -> endpoints
                .forgetSecrets(tx, endpoint.id())
                .chain(() -> saved(tx, endpoint, endpoint.deleted(), Kind.DELETED, now))
                .call(() -> held.letGo(tx, endpoint.id())));
    }

    /** {@code secret} signs from now on, and the one before beside it for the overlap of the settings. */
    public Uni<Outcome> rotate(Which which, SigningSecret secret, Instant now) {
        var until = now.plus(settings.rotationOverlap());
        return once(which, (tx, endpoint) -> endpoints
                        .retireSecret(tx, endpoint.id(), until, now)
                        .chain(others -> {
                            if (others >= MOST_SECRETS) {
                                throw new TooMany();
                            }
                            var after = endpoint.rotated();
                            return endpoints
                                    .addSecret(tx, after, ids.next(), secret, now)
                                    .chain(() -> saved(tx, endpoint, after, Kind.CHANGED, now))
                                    .replaceWith((Outcome) new Outcome.Rotated(after, until));
                        }))
                .onFailure(TooMany.class)
                .recoverWithItem(new Outcome.TooManySecrets());
    }

    /** Rolls back what was retired. */
    private static final class TooMany extends RuntimeException {}

    private Uni<Outcome> saved(Tx tx, Endpoint before, Endpoint after, Kind kind, Instant now) {
        if (after == before) {
            return Uni.createFrom().item(new Outcome.Changed(before));
        }
        var told = List.of(events.told(kind, after, traces.current(), now));
        return endpoints
                .save(tx, List.of(after))
                .chain(() -> outbox.append(tx, told))
                .chain(() -> notices.tell(tx, told))
                .replaceWith(new Outcome.Changed(after));
    }

    private Uni<Outcome> once(Which which, Action action) {
        return transactions.inTransaction(tx -> keys.once(
                tx, which.key, () -> locked(tx, which, action), outcome -> made(outcome, which), Outcome.Decided::new));
    }

    private Uni<Outcome> locked(Tx tx, Which which, Action action) {
        return endpoints.lock(tx, which.tenant, which.id).chain(found -> {
            if (found.isEmpty()) {
                return Uni.createFrom().item(new Outcome.NotFound());
            }
            int actual = found.get().revision();
            return which.revision != null && which.revision != actual
                    ? Uni.createFrom().item(new Outcome.OtherRevision(actual))
                    : action.on(tx, found.get());
        });
    }

    private static Optional<IdempotencyKeys.Made> made(Outcome outcome, Which which) {
        return outcome instanceof Outcome.Changed || outcome instanceof Outcome.Rotated
                ? Optional.of(new IdempotencyKeys.Made(OK, which.id))
                : Optional.empty();
    }
}
