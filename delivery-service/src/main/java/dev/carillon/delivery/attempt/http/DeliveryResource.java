package dev.carillon.delivery.attempt.http;

import dev.carillon.delivery.attempt.DeliveryStatus;
import dev.carillon.delivery.attempt.store.DeliveryReader;
import dev.carillon.delivery.attempt.usecase.RetryDelivery;
import dev.carillon.kit.http.Page;
import dev.carillon.kit.http.Queries;
import dev.carillon.kit.idempotency.IdempotencyHeader;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.telemetry.Audit;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/deliveries}. */
@Path("/v1/deliveries")
@Produces(MediaType.APPLICATION_JSON)
public class DeliveryResource {
    private final Caller caller;
    private final DeliveryReader deliveries;
    private final RetryDelivery retryDelivery;
    private final IdempotencyHeader idempotency;
    private final Audit audit;

    public DeliveryResource(
            Caller caller,
            DeliveryReader deliveries,
            RetryDelivery retryDelivery,
            IdempotencyHeader idempotency,
            Audit audit) {
        this.caller = caller;
        this.deliveries = deliveries;
        this.retryDelivery = retryDelivery;
        this.idempotency = idempotency;
        this.audit = audit;
    }

    @GET
    @PermissionsAllowed("deliveries:read")
    @Operation(summary = "The tenant's deliveries with their attempts, newest first")
    public Uni<Page<DeliveryView>> list(@BeanParam DeliveryQuery query, @QueryParam("status") @Nullable String status) {
        var inStatus = Queries.oneOf("status", status, DeliveryStatus::of, DeliveryStatus::wireName);
        var filter = query.filter(caller.tenant(), inStatus);
        return deliveries.list(filter).map(found -> DeliveryQuery.page(filter, found));
    }

    @GET
    @Path("/{id}")
    @PermissionsAllowed("deliveries:read")
    @Operation(summary = "One delivery with its attempts")
    public Uni<DeliveryView> get(String id) {
        return view(Queries.id("delivery", id));
    }

    @POST
    @Path("/{id}/retry")
    @Consumes(MediaType.WILDCARD)
    @PermissionsAllowed("deliveries:write")
    @Operation(summary = "Attempt a waiting or dead delivery again, now")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = DeliveryView.class)))
    @APIResponse(
            responseCode = "409",
            description = "not-retriable: it is neither waiting nor dead; delivery-expired: it is past its expiresAt")
    public Uni<Response> retry(String id, @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var known = Queries.id("delivery", id);
        var tenant = caller.tenant();
        var idempotencyKey = idempotency.read(key, tenant, "/v1/deliveries/" + known + "/retry", Map.of());
        return audit.begin(caller.name(), "deliveries.retry", tenant + "/" + known)
                .around(retryDelivery.retry(tenant, known, idempotencyKey), DeliveryResource::told)
                .chain(outcome -> switch (outcome) {
                    case RetryDelivery.Outcome.Retried() ->
                        view(known).map(view -> Response.ok(view).build());
                    case RetryDelivery.Outcome.Decided(Verdict verdict) -> repeated(verdict);
                    case RetryDelivery.Outcome.NotFound() -> throw notFound(known);
                    case RetryDelivery.Outcome.Refused(DeliveryStatus status) -> throw notRetriable(status);
                    case RetryDelivery.Outcome.Expired(Instant expiredAt) -> throw expired(expiredAt);
                });
    }

    private static String told(RetryDelivery.Outcome outcome) {
        return switch (outcome) {
            case RetryDelivery.Outcome.Retried() -> "retried";
            case RetryDelivery.Outcome.Decided(Verdict verdict) -> "nothing new, the Idempotency-Key is known";
            case RetryDelivery.Outcome.NotFound() -> "there is no such delivery";
            case RetryDelivery.Outcome.Refused(DeliveryStatus status) -> "refused, it is " + status.wireName();
            case RetryDelivery.Outcome.Expired(Instant expiredAt) -> "refused, it has expired";
        };
    }

    /** The delivery as it is now, or the refusal that the key's verdict is. */
    private Uni<Response> repeated(Verdict verdict) {
        if (!(verdict instanceof Verdict.Repeated repeated)) {
            throw IdempotencyHeader.refusal(verdict);
        }
        return view(repeated.resourceId()).map(view -> Response.ok(view)
                .header(IdempotencyHeader.REPLAYED, "true")
                .build());
    }

    private static ProblemException notRetriable(DeliveryStatus status) {
        return new ProblemException(Problem.of(
                        409,
                        "not-retriable",
                        "This delivery cannot be retried",
                        "It is " + status.wireName() + "; only one that is waiting or dead can be")
                .with("deliveryStatus", status.wireName()));
    }

    private static ProblemException expired(Instant expiredAt) {
        return new ProblemException(Problem.of(
                        409,
                        "delivery-expired",
                        "This delivery is not wanted any more",
                        "Its message was to be delivered before " + expiredAt)
                .with("expiresAt", expiredAt));
    }

    private Uni<DeliveryView> view(UUID id) {
        return deliveries
                .find(caller.tenant(), id)
                .map(found -> DeliveryView.of(found.orElseThrow(() -> notFound(id))));
    }

    private static ProblemException notFound(UUID id) {
        return new ProblemException(Problem.notFound("delivery", id));
    }
}
