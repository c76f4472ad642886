package dev.carillon.delivery.endpoint.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.delivery.channel.SigningSecret;
import dev.carillon.delivery.endpoint.Endpoint;
import dev.carillon.delivery.endpoint.store.EndpointStore;
import dev.carillon.delivery.endpoint.usecase.ChangeEndpoint;
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
    private final RegisterEndpoint registerEndpoint;
    private final ChangeEndpoint changeEndpoint;
    private final EndpointChanges changes;
    private final IdempotencyHeader idempotency;
    private final Audit audit;

    EndpointResource(
            Caller caller,
            EventIds ids,
            EndpointReading reading,
            EndpointStore endpoints,
            RegisterEndpoint registerEndpoint,
            ChangeEndpoint changeEndpoint,
            EndpointChanges changes,
            IdempotencyHeader idempotency,
            Audit audit) {
        this.caller = caller;
        this.ids = ids;
        this.reading = reading;
        this.endpoints = endpoints;
        this.registerEndpoint = registerEndpoint;
        this.changeEndpoint = changeEndpoint;
        this.changes = changes;
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
        var endpoint = reading.read(body, ids.next(), tenant, EndpointChanges.now());
        var secret = reading.secret(body.secret());
        var idempotencyKey = idempotency.read(key, tenant, "/v1/endpoints", body);
        return audit.begin(caller.name(), "endpoints.register", tenant + "/" + endpoint.id())
                .around(registerEndpoint.register(endpoint, secret, idempotencyKey), EndpointResource::told)
                .chain(outcome -> switch (outcome) {
                    case RegisterEndpoint.Outcome.Registered(Endpoint registered) ->
                        Uni.createFrom().item(() -> created(registered, secret).build());
                    case RegisterEndpoint.Outcome.OutcomesTaken() -> throw EndpointProblems.outcomesTaken();
                    case RegisterEndpoint.Outcome.TooMany(int most) -> throw EndpointProblems.tooMany(most);
                    case RegisterEndpoint.Outcome.Decided(Verdict verdict) ->
                        changes.again(tenant, verdict, found -> created(found, null));
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
        return endpoints.find(caller.tenant(), known).map(found -> EndpointChanges.ok(
                        found.orElseThrow(() -> EndpointProblems.notFound(known)))
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
        var which = changes.which(id, ifMatch);
        return changes.audited(
                        "endpoints.change",
                        which,
                        changeEndpoint.change(which, one -> reading.patched(one, body), EndpointChanges.now()))
                .map(outcome -> EndpointChanges.changed(outcome, which));
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
        var which = changes.which(id, ifMatch);
        return changes.audited("endpoints.delete", which, changeEndpoint.delete(which, EndpointChanges.now()))
                .invoke(outcome -> EndpointChanges.changed(outcome, which))
                .map(outcome -> Response.noContent().build());
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

    private static Response.ResponseBuilder created(Endpoint endpoint, @Nullable SigningSecret secret) {
        return EndpointChanges.ok(EndpointView.of(endpoint, secret, null))
                .status(Response.Status.CREATED)
                .location(URI.create("/v1/endpoints/" + endpoint.id()));
    }
}
