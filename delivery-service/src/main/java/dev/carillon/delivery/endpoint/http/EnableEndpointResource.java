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

/** {@code /v1/endpoints/{id}/enable}. */
@Path("/v1/endpoints/{id}/enable")
@Produces(MediaType.APPLICATION_JSON)
public class EnableEndpointResource {
    private final ChangeEndpoint changeEndpoint;
    private final EndpointChanges changes;

    EnableEndpointResource(ChangeEndpoint changeEndpoint, EndpointChanges changes) {
        this.changeEndpoint = changeEndpoint;
        this.changes = changes;
    }

    @POST
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
        var which = changes.which(id, ifMatch, new Action("enable", key, Map.of()));
        return changes.audited("endpoints.enable", which, changeEndpoint.enable(which, EndpointChanges.now()))
                .chain(outcome -> changes.answer(outcome, which, null));
    }
}
