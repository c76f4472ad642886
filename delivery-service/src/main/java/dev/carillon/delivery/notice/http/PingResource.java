package dev.carillon.delivery.notice.http;

import dev.carillon.delivery.endpoint.http.EndpointProblems;
import dev.carillon.delivery.notice.usecase.PingEndpoint;
import dev.carillon.delivery.notice.usecase.PingEndpoint.Outcome;
import dev.carillon.kit.http.Queries;
import dev.carillon.kit.idempotency.IdempotencyHeader;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.telemetry.Audit;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/endpoints/{id}/ping}. */
@Path("/v1/endpoints/{id}/ping")
@Produces(MediaType.APPLICATION_JSON)
public class PingResource {
    private final Caller caller;
    private final PingEndpoint pingEndpoint;
    private final IdempotencyHeader idempotency;
    private final Audit audit;

    public PingResource(Caller caller, PingEndpoint pingEndpoint, IdempotencyHeader idempotency, Audit audit) {
        this.caller = caller;
        this.pingEndpoint = pingEndpoint;
        this.idempotency = idempotency;
        this.audit = audit;
    }

    /** @param messageId the ping's {@code webhook-id}; its delivery is found by it */
    @RegisterForReflection
    public record PingView(UUID messageId) {}

    @POST
    @Consumes(MediaType.WILDCARD)
    @PermissionsAllowed("endpoints:write")
    @Operation(
            summary = "Send an endpoint a webhook of the type endpoint.ping",
            description = "It is delivered as messages are: Location leads to the delivery with its attempts")
    @APIResponse(responseCode = "202", content = @Content(schema = @Schema(implementation = PingView.class)))
    @APIResponse(responseCode = "409", description = "endpoint-disabled")
    public Uni<Response> ping(String id, @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var known = Queries.id("endpoint", id);
        var tenant = caller.tenant();
        var idempotencyKey = idempotency.read(key, tenant, "/v1/endpoints/" + known + "/ping", Map.of());
        return audit.begin(caller.name(), "endpoints.ping", tenant + "/" + known)
                .around(pingEndpoint.ping(tenant, known, idempotencyKey), PingResource::told)
                .map(outcome -> switch (outcome) {
                    case Outcome.Sent(UUID messageId) -> sent(messageId).build();
                    case Outcome.NotFound() -> throw EndpointProblems.notFound(known);
                    case Outcome.Disabled() -> throw EndpointProblems.disabled();
                    case Outcome.Decided(Verdict.Repeated repeated) ->
                        sent(repeated.resourceId())
                                .header(IdempotencyHeader.REPLAYED, "true")
                                .build();
                    case Outcome.Decided(Verdict verdict) -> throw IdempotencyHeader.refusal(verdict);
                });
    }

    private static String told(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Sent(UUID messageId) -> "sent as " + messageId;
            case Outcome.NotFound() -> "there is no such endpoint";
            case Outcome.Disabled() -> "refused, it is disabled";
            case Outcome.Decided(Verdict verdict) -> "nothing new, the Idempotency-Key is known";
        };
    }

    private static Response.ResponseBuilder sent(UUID messageId) {
        return Response.accepted(new PingView(messageId)).location(URI.create("/v1/deliveries?messageId=" + messageId));
    }
}
