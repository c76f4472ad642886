package dev.carillon.delivery.endpoint.http;

import dev.carillon.delivery.channel.SigningSecret;
import dev.carillon.delivery.channel.webhook.WebhookChannel;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.telemetry.Audit;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** {@code /v1/webhook-secret}: what verifies the tenant's webhooks to plain addresses. */
@Path("/v1/webhook-secret")
@Produces(MediaType.APPLICATION_JSON)
public class WebhookSecretResource {
    private final Caller caller;
    private final WebhookChannel webhooks;
    private final Audit audit;

    WebhookSecretResource(Caller caller, WebhookChannel webhooks, Audit audit) {
        this.caller = caller;
        this.webhooks = webhooks;
        this.audit = audit;
    }

    /** For those who may give an endpoint a secret: whoever has it can sign as this installation does for the tenant. */
    @GET
    @NonBlocking
    @PermissionsAllowed("endpoints:write")
    @Operation(
            summary = "The secrets that sign the tenant's webhooks to plain URLs",
            description =
                    "The newest first; while the installation's secret is rotated each of them signs. None where the"
                            + " installation has no secret. Registered endpoints have secrets of their own")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = WebhookSecretView.class)))
    public Response read() {
        var tenant = caller.tenant();
        var secrets = audit.begin(caller.name(), "webhook-secret.read", tenant)
                .during(() -> webhooks.secretsOf(tenant), found -> found.size() + " shown");
        return Response.ok(new WebhookSecretView(
                        secrets.stream().map(SigningSecret::reveal).toList()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}
