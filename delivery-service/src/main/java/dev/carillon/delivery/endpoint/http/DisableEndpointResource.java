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
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/endpoints/{id}/disable}. */
@Path("/v1/endpoints/{id}/disable")
@Produces(MediaType.APPLICATION_JSON)
public class DisableEndpointResource {
    private final ChangeEndpoint changeEndpoint;
    private final EndpointChanges changes;

    DisableEndpointResource(ChangeEndpoint changeEndpoint, EndpointChanges changes) {
        this.changeEndpoint = changeEndpoint;
        this.changes = changes;
    }

    @POST
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
        var which = changes.which(id, ifMatch, new Action("disable", key, Map.of()));
        return changes.audited("endpoints.disable", which, changeEndpoint.disable(which, EndpointChanges.now()))
                .chain(outcome -> changes.answer(outcome, which, null));
    }
}
