package dev.carillon.delivery.endpoint.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.delivery.channel.SigningSecret;
import dev.carillon.delivery.endpoint.Endpoint;
import dev.carillon.delivery.endpoint.store.EndpointStore;
import dev.carillon.delivery.endpoint.store.SecretCipher;
import dev.carillon.delivery.endpoint.usecase.ChangeEndpoint;
import dev.carillon.delivery.endpoint.usecase.ChangeEndpoint.Outcome;
import dev.carillon.delivery.endpoint.usecase.ChangeEndpoint.Which;
import dev.carillon.delivery.endpoint.usecase.RegisterEndpoint;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.http.Cursor;
import dev.carillon.kit.http.Page;
import dev.carillon.kit.http.Queries;
import dev.carillon.kit.idempotency.IdempotencyHeader;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.telemetry.Audit;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/endpoints}: registered webhook addresses. */
@Path("/v1/endpoints")
@Produces(MediaType.APPLICATION_JSON)
public class EndpointResource {
    private final Caller caller;
    private final EventIds ids;
    private final EndpointReading reading;
    private final EndpointStore endpoints;
    private final SecretCipher cipher;
    private final RegisterEndpoint registerEndpoint;
    private final ChangeEndpoint changeEndpoint;
    private final IdempotencyHeader idempotency;
    private final Audit audit;

    EndpointResource(
            Caller caller,
            EventIds ids,
            EndpointReading reading,
            EndpointStore endpoints,
            SecretCipher cipher,
            RegisterEndpoint registerEndpoint,
            ChangeEndpoint changeEndpoint,
            IdempotencyHeader idempotency,
            Audit audit) {
        this.caller = caller;
        this.ids = ids;
        this.reading = reading;
        this.endpoints = endpoints;
        this.cipher = cipher;
        this.registerEndpoint = registerEndpoint;
        this.changeEndpoint = changeEndpoint;
        this.idempotency = idempotency;
        this.audit = audit;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed("endpoints:write")
    @Operation(
            summary = "Register a webhook endpoint",
            description = "The answer has its secret, which is shown nowhere else, nor when the request is repeated")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = EndpointView.class)))
    @APIResponse(responseCode = "409", description = "outcomes-endpoint-exists, too-many-endpoints")
    @APIResponse(responseCode = "422", description = "invalid-request, destination-refused")
    @APIResponse(responseCode = "503", description = "secrets-not-configured")
    public Uni<Response> register(
            @Nullable EndpointRequest request, @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var body = Problem.required(request);
        var tenant = caller.tenant();
        var endpoint = reading.read(body, ids.next(), tenant, now());
        var secret = reading.secret(body.secret());
        var idempotencyKey = idempotency.read(key, tenant, "/v1/endpoints", body);
        requireCipher();
        return audit.begin(caller.name(), "endpoints.register", tenant + "/" + endpoint.id())
                .around(registerEndpoint.register(endpoint, secret, idempotencyKey), EndpointResource::told)
                .chain(outcome -> switch (outcome) {
                    case RegisterEndpoint.Outcome.Registered(Endpoint registered) ->
                        Uni.createFrom().item(() -> created(registered, secret).build());
                    case RegisterEndpoint.Outcome.OutcomesTaken() -> throw EndpointProblems.outcomesTaken();
                    case RegisterEndpoint.Outcome.TooMany(int most) -> throw EndpointProblems.tooMany(most);
                    case RegisterEndpoint.Outcome.Decided(Verdict verdict) ->
                        again(tenant, verdict, found -> created(found, null));
                });
    }

    @GET
    @PermissionsAllowed("endpoints:read")
    @Operation(summary = "The tenant's endpoints, newest first")
    public Uni<Page<EndpointView>> list(
            @QueryParam("status") @Nullable String status,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        int wanted = Queries.limit(limit);
        var which = Queries.oneOf("status", status, "enabled", "disabled");
        return endpoints
                .list(caller.tenant(), which, Cursor.read(cursor), wanted + 1)
                .map(found -> Page.of(found, wanted, EndpointView::of, Endpoint::id));
    }

    @GET
    @Path("/{id}")
    @PermissionsAllowed("endpoints:read")
    @Operation(summary = "One endpoint, and how it fares")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = EndpointView.class)))
    public Uni<Response> get(String id) {
        var known = Queries.id("endpoint", id);
        return endpoints.find(caller.tenant(), known).map(found -> ok(found.orElseThrow(
                        () -> EndpointProblems.notFound(known)))
                .build());
    }

    @PATCH
    @Path("/{id}")
    @Consumes({"application/merge-patch+json", MediaType.APPLICATION_JSON})
    @PermissionsAllowed("endpoints:write")
    @Operation(
            summary = "Change url, description or what it receives, as a JSON merge patch (RFC 7396)",
            description = "A new address counts from the next attempt on, also for what waits")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = EndpointView.class)))
    @APIResponse(responseCode = "409", description = "outcomes-endpoint-exists")
    @APIResponse(responseCode = "412", description = "version-mismatch")
    public Uni<Response> change(
            String id, @Nullable ObjectNode patch, @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        var body = Problem.required(patch);
        var which = which(id, ifMatch, null);
        return audited(
                        "endpoints.change",
                        which,
                        changeEndpoint.change(which, one -> reading.patched(one, body), now()))
                .map(outcome -> changed(outcome, which));
    }

    @DELETE
    @Path("/{id}")
    @PermissionsAllowed("endpoints:write")
    @Operation(
            summary = "Delete an endpoint, with its secrets",
            description = "Messages that name it fail from then on, and so do those that were held for it")
    @APIResponse(responseCode = "204")
    @APIResponse(responseCode = "412", description = "version-mismatch")
    public Uni<Response> delete(String id, @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        var which = which(id, ifMatch, null);
        return audited("endpoints.delete", which, changeEndpoint.delete(which, now()))
                .invoke(outcome -> changed(outcome, which))
                .map(outcome -> Response.noContent().build());
    }

    @POST
    @Path("/{id}/rotate-secret")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed("endpoints:write")
    @Operation(
            summary = "Give an endpoint another secret",
            description =
                    "Until overlapEndsAt both sign: a webhook then has two signatures, of which a receiver needs to know one")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = EndpointView.class)))
    @APIResponse(responseCode = "409", description = "too-many-secrets")
    @APIResponse(responseCode = "412", description = "version-mismatch")
    public Uni<Response> rotateSecret(
            String id,
            @Nullable RotationRequest request,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var body = request == null ? new RotationRequest(null) : request;
        var secret = reading.rotated(body);
        requireCipher();
        var which = which(id, ifMatch, new Action("rotate-secret", key, body));
        return audited("endpoints.rotate-secret", which, changeEndpoint.rotate(which, secret, now()))
                .chain(outcome -> answer(outcome, which, secret));
    }

    @POST
    @Path("/{id}/disable")
    @Consumes(MediaType.WILDCARD)
    @PermissionsAllowed("endpoints:write")
    @Operation(
            summary = "Disable an endpoint",
            description = "What is to go to it is held from its next attempt on, and can still be cancelled")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = EndpointView.class)))
    @APIResponse(responseCode = "412", description = "version-mismatch")
    public Uni<Response> disable(
            String id,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var which = which(id, ifMatch, new Action("disable", key, Map.of()));
        return audited("endpoints.disable", which, changeEndpoint.disable(which, now()))
                .chain(outcome -> answer(outcome, which, null));
    }

    @POST
    @Path("/{id}/enable")
    @Consumes(MediaType.WILDCARD)
    @PermissionsAllowed("endpoints:write")
    @Operation(
            summary = "Enable an endpoint",
            description = "What was held for it is attempted, at a rate; what has expired is left out")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = EndpointView.class)))
    @APIResponse(responseCode = "412", description = "version-mismatch")
    public Uni<Response> enable(
            String id,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var which = which(id, ifMatch, new Action("enable", key, Map.of()));
        return audited("endpoints.enable", which, changeEndpoint.enable(which, now()))
                .chain(outcome -> answer(outcome, which, null));
    }

    /** A POST on an endpoint, with the Idempotency-Key that it may have. */
    private record Action(String name, @Nullable String key, Object body) {}

    private Which which(String id, @Nullable String ifMatch, @Nullable Action action) {
        var known = Queries.id("endpoint", id);
        var tenant = caller.tenant();
        var key = action == null
                ? null
                : idempotency.read(action.key, tenant, "/v1/endpoints/" + known + "/" + action.name, action.body);
        return new Which(tenant, known, Queries.revision(ifMatch), key);
    }

    private Uni<Outcome> audited(String action, Which which, Uni<Outcome> work) {
        return audit.begin(caller.name(), action, which.tenant() + "/" + which.id())
                .around(work, EndpointResource::told);
    }

    private static String told(RegisterEndpoint.Outcome outcome) {
        return switch (outcome) {
            case RegisterEndpoint.Outcome.Registered(Endpoint endpoint) ->
                "registered, receives " + endpoint.receives().wireName();
            case RegisterEndpoint.Outcome.OutcomesTaken() -> "refused, there is one for outcomes";
            case RegisterEndpoint.Outcome.TooMany(int most) -> "refused, there are as many as may be";
            case RegisterEndpoint.Outcome.Decided(Verdict verdict) -> "nothing new, the Idempotency-Key is known";
        };
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

    private Uni<Response> answer(Outcome outcome, Which which, @Nullable SigningSecret secret) {
        return switch (outcome) {
            case Outcome.Rotated(Endpoint endpoint, Instant until) ->
                Uni.createFrom()
                        .item(() -> ok(EndpointView.of(endpoint, secret, until)).build());
            case Outcome.Decided(Verdict verdict) -> again(which.tenant(), verdict, EndpointResource::ok);
            case Outcome.Changed changed -> Uni.createFrom().item(changed(changed, which));
            case Outcome.NotFound refused -> throw refusal(refused, which);
            case Outcome.OtherRevision refused -> throw refusal(refused, which);
            case Outcome.OutcomesTaken refused -> throw refusal(refused, which);
            case Outcome.TooManySecrets refused -> throw refusal(refused, which);
        };
    }

    private static Response changed(Outcome outcome, Which which) {
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
    private Uni<Response> again(String tenant, Verdict verdict, Function<Endpoint, Response.ResponseBuilder> rendered) {
        if (!(verdict instanceof Verdict.Repeated repeated)) {
            throw IdempotencyHeader.refusal(verdict);
        }
        UUID id = repeated.resourceId();
        return endpoints.find(tenant, id).map(found -> rendered.apply(
                        found.orElseThrow(() -> EndpointProblems.notFound(id)))
                .header(IdempotencyHeader.REPLAYED, "true")
                .build());
    }

    private void requireCipher() {
        if (!cipher.isReady()) {
            throw EndpointProblems.notConfigured();
        }
    }

    private static Response.ResponseBuilder created(Endpoint endpoint, @Nullable SigningSecret secret) {
        return ok(EndpointView.of(endpoint, secret, null))
                .status(Response.Status.CREATED)
                .location(URI.create("/v1/endpoints/" + endpoint.id()));
    }

    private static Response.ResponseBuilder ok(Endpoint endpoint) {
        return ok(EndpointView.of(endpoint));
    }

    private static Response.ResponseBuilder ok(EndpointView view) {
        return Response.ok(view).tag(String.valueOf(view.version()));
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }
}
