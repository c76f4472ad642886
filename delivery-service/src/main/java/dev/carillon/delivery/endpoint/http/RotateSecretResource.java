package dev.carillon.delivery.endpoint.http;

import dev.carillon.delivery.endpoint.http.EndpointChanges.Action;
import dev.carillon.delivery.endpoint.usecase.ChangeEndpoint;
import dev.carillon.kit.idempotency.IdempotencyHeader;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/endpoints/{id}/rotate-secret}. */
@Path("/v1/endpoints/{id}/rotate-secret")
@Produces(MediaType.APPLICATION_JSON)
public class RotateSecretResource {
    private final EndpointReading reading;
    private final ChangeEndpoint changeEndpoint;
    private final EndpointChanges changes;

    RotateSecretResource(EndpointReading reading, ChangeEndpoint changeEndpoint, EndpointChanges changes) {
        this.reading = reading;
        this.changeEndpoint = changeEndpoint;
        this.changes = changes;
    }

    @POST
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
        var which = changes.which(id, ifMatch, new Action("rotate-secret", key, body));
        return changes.audited(
                        "endpoints.rotate-secret", which, changeEndpoint.rotate(which, secret, EndpointChanges.now()))
                .chain(outcome -> changes.answer(outcome, which, secret));
    }
}
