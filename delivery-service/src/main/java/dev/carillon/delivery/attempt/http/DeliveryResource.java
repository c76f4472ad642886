package dev.carillon.delivery.attempt.http;

import dev.carillon.delivery.attempt.DeliveryStatus;
import dev.carillon.delivery.attempt.store.DeliveryReader;
import dev.carillon.delivery.attempt.store.DeliveryReader.Attempted;
import dev.carillon.delivery.attempt.usecase.RetryDelivery;
import dev.carillon.kit.http.Cursor;
import dev.carillon.kit.http.Page;
import dev.carillon.kit.http.Queries;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** {@code /v1/deliveries}. */
@Path("/v1/deliveries")
@Produces(MediaType.APPLICATION_JSON)
public class DeliveryResource {
    private static final Logger AUDIT = Logger.getLogger("audit");

    private final Caller caller;
    private final DeliveryReader deliveries;
    private final RetryDelivery retryDelivery;

    public DeliveryResource(Caller caller, DeliveryReader deliveries, RetryDelivery retryDelivery) {
        this.caller = caller;
        this.deliveries = deliveries;
        this.retryDelivery = retryDelivery;
    }

    @GET
    @PermissionsAllowed("deliveries:read")
    @Operation(summary = "The tenant's deliveries with their attempts, newest first")
    public Uni<Page<DeliveryView>> list(
            @QueryParam("messageId") @Nullable String messageId,
            @QueryParam("status") @Nullable String status,
            @QueryParam("channel") @Nullable String channel,
            @QueryParam("destination") @Nullable String destination,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        int wanted = Queries.limit(limit);
        var filter = new DeliveryReader.Filter(
                caller.tenant(),
                Queries.uuid("messageId", messageId),
                Queries.oneOf("status", status, DeliveryStatus::of, DeliveryStatus::wireName),
                Queries.oneOf("channel", channel, "email", "telegram", "webhook"),
                destination,
                Queries.instant("from", from),
                Queries.instant("to", to),
                Cursor.read(cursor),
                wanted + 1);
        return deliveries.list(filter).map(found -> Page.of(found, wanted, DeliveryView::of, Attempted::id));
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
    public Uni<DeliveryView> retry(String id) {
        var known = Queries.id("delivery", id);
        return retryDelivery.retry(caller.tenant(), known).chain(outcome -> switch (outcome) {
            case RetryDelivery.Outcome.Retried() -> {
                AUDIT.infof("%s retried delivery %s", caller.name(), known);
                yield view(known);
            }
            case RetryDelivery.Outcome.NotFound() -> throw notFound(known);
            case RetryDelivery.Outcome.Refused(DeliveryStatus status) ->
                throw new ProblemException(Problem.of(
                                409,
                                "not-retriable",
                                "This delivery cannot be retried",
                                "It is " + status.wireName() + "; only one that is waiting or dead can be")
                        .with("deliveryStatus", status.wireName()));
        });
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
