package dev.carillon.delivery.endpoint.http;

import dev.carillon.delivery.channel.SigningSecret;
import dev.carillon.delivery.endpoint.Endpoint;
import dev.carillon.delivery.endpoint.store.EndpointStore;
import dev.carillon.delivery.endpoint.usecase.ChangeEndpoint.Outcome;
import dev.carillon.delivery.endpoint.usecase.ChangeEndpoint.Which;
import dev.carillon.kit.http.Queries;
import dev.carillon.kit.idempotency.IdempotencyHeader;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.telemetry.Audit;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the requests share that change an endpoint: which one is meant, the line in the audit, and what the outcome is answered with. */
@ApplicationScoped
class EndpointChanges {
    private final Caller caller;
    private final EndpointStore endpoints;
    private final IdempotencyHeader idempotency;
    private final Audit audit;

    EndpointChanges(Caller caller, EndpointStore endpoints, IdempotencyHeader idempotency, Audit audit) {
        this.caller = caller;
        this.endpoints = endpoints;
        this.idempotency = idempotency;
        this.audit = audit;
    }

    /** A POST on an endpoint, with the Idempotency-Key that it may have. */
    record Action(String name, @Nullable String key, Object body) {}

    Which which(String id, @Nullable String ifMatch) {
        return new Which(caller.tenant(), Queries.id("endpoint", id), Queries.revision(ifMatch), null);
    }

    Which which(String id, @Nullable String ifMatch, Action action) {
        var known = Queries.id("endpoint", id);
        var tenant = caller.tenant();
        var path = "/v1/endpoints/" + known + "/" + action.name;
        var key = idempotency.read(action.key, tenant, path, action.body);
        return new Which(tenant, known, Queries.revision(ifMatch), key);
    }

    Uni<Outcome> audited(String action, Which which, Uni<Outcome> work) {
        return audit.begin(caller.name(), action, which.tenant() + "/" + which.id())
                .around(work, EndpointChanges::told);
    }

    private static String told(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Changed(Endpoint endpoint) ->
                "revision %d, %s"
                        .formatted(endpoint.revision(), endpoint.status().wireName());
            case Outcome.Rotated(Endpoint endpoint, Instant until) ->
                "revision %d, both secrets sign until %s".formatted(endpoint.revision(), until);
            case Outcome.NotFound() -> "there is no such endpoint";
            case Outcome.OtherRevision(int actual) -> "refused, it is at revision " + actual;
            case Outcome.OutcomesTaken() -> "refused, there is another one for outcomes";
            case Outcome.TooManySecrets() -> "refused, as many secrets sign as may";
            case Outcome.Decided(Verdict verdict) -> "nothing new, the Idempotency-Key is known";
        };
    }

    /** @param secret that it has got by this, to be shown this once */
    Uni<Response> answer(Outcome outcome, Which which, @Nullable SigningSecret secret) {
        return switch (outcome) {
            case Outcome.Rotated(Endpoint endpoint, Instant until) ->
                Uni.createFrom()
                        .item(() -> ok(EndpointView.of(endpoint, secret, until)).build());
            case Outcome.Decided(Verdict verdict) -> again(which.tenant(), verdict, EndpointChanges::ok);
            case Outcome.Changed changed -> Uni.createFrom().item(changed(changed, which));
            case Outcome.NotFound refused -> throw refusal(refused, which);
            case Outcome.OtherRevision refused -> throw refusal(refused, which);
            case Outcome.OutcomesTaken refused -> throw refusal(refused, which);
            case Outcome.TooManySecrets refused -> throw refusal(refused, which);
        };
    }

    static Response changed(Outcome outcome, Which which) {
        if (outcome instanceof Outcome.Changed(Endpoint endpoint)) {
            return ok(endpoint).build();
        }
        throw refusal(outcome, which);
    }

    private static RuntimeException refusal(Outcome outcome, Which which) {
        return switch (outcome) {
            case Outcome.NotFound() -> EndpointProblems.notFound(which.id());
            case Outcome.OtherRevision(int actual) -> Queries.versionMismatch(actual);
            case Outcome.OutcomesTaken() -> EndpointProblems.outcomesTaken();
            case Outcome.TooManySecrets() -> EndpointProblems.tooManySecrets();
            case Outcome.Decided(Verdict verdict) -> IdempotencyHeader.refusal(verdict);
            case Outcome.Changed changed -> new IllegalArgumentException("no refusal: " + changed);
            case Outcome.Rotated rotated -> new IllegalArgumentException("no refusal: " + rotated);
        };
    }

    /** The endpoint as it is now, without its secret, or the refusal that the key's verdict is. */
    Uni<Response> again(String tenant, Verdict verdict, Function<Endpoint, Response.ResponseBuilder> rendered) {
        if (!(verdict instanceof Verdict.Repeated repeated)) {
            throw IdempotencyHeader.refusal(verdict);
        }
        UUID id = repeated.resourceId();
        return endpoints.find(tenant, id).map(found -> rendered.apply(
                        found.orElseThrow(() -> EndpointProblems.notFound(id)))
                .header(IdempotencyHeader.REPLAYED, "true")
                .build());
    }

    static Response.ResponseBuilder ok(Endpoint endpoint) {
        return ok(EndpointView.of(endpoint));
    }

    static Response.ResponseBuilder ok(EndpointView view) {
        return Response.ok(view).tag(String.valueOf(view.version()));
    }

    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }
}
