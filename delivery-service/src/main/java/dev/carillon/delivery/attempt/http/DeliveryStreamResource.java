package dev.carillon.delivery.attempt.http;

import dev.carillon.delivery.attempt.store.DeliveryReader;
import dev.carillon.delivery.attempt.store.DeliveryReader.Attempted;
import dev.carillon.delivery.attempt.usecase.WatchDeliveries;
import dev.carillon.kit.http.Queries;
import dev.carillon.kit.http.StateStreams;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.limits.Deferrable;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/deliveries/{id}/events}: a delivery's states; see {@link StateStreams}. */
@Path("/v1/deliveries/{id}/events")
public class DeliveryStreamResource {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Caller caller;
    private final DeliveryReader deliveries;
    private final WatchDeliveries watchDeliveries;
    private final Vertx vertx;
    private final Sse sse;

    public DeliveryStreamResource(
            Caller caller, DeliveryReader deliveries, WatchDeliveries watchDeliveries, Vertx vertx, Sse sse) {
        this.caller = caller;
        this.deliveries = deliveries;
        this.watchDeliveries = watchDeliveries;
        this.vertx = vertx;
        this.sse = sse;
    }

    /** Looks for the delivery before it answers, on a worker's thread: a stream that has begun cannot be refused any more. */
    @GET
    @Blocking
    @Deferrable
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @PermissionsAllowed("deliveries:read")
    @Operation(
            summary = "The delivery's states as Server-Sent Events, until it ends",
            description =
                    "Each event has the status as its name and the delivery with its attempts as its data. 204 when the end was seen: do not connect again")
    @APIResponse(
            responseCode = "200",
            description = "The stream, with a comment every 15 s",
            content = @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(type = SchemaType.STRING)))
    @APIResponse(responseCode = "204", description = "The end was seen")
    public Multi<OutboundSseEvent> stream(
            String id, @HeaderParam("Last-Event-ID") @Nullable String lastEventId, @Context HttpServerResponse answer) {
        var known = Queries.id("delivery", id);
        long seen = StateStreams.seen(lastEventId);
        var delivery = find(caller.tenant(), known)
                .orElseThrow(() -> new ProblemException(Problem.notFound("delivery", known)));
        long version = delivery.delivery().version;
        if (WatchDeliveries.isEnd(delivery) && version <= seen) {
            throw StateStreams.over();
        }
        watchDeliveries.admit(caller.tenant());
        return StateStreams.answer(answer, sse, watchDeliveries.states(delivery, Math.min(seen, version)), this::event);
    }

    /** Entities are read on the event loop, and awaited here. */
    private Optional<Attempted> find(String tenant, UUID id) {
        var context = vertx.getOrCreateContext();
        return Uni.createFrom()
                .deferred(() -> deliveries.find(tenant, id))
                .runSubscriptionOn(task -> context.runOnContext(ignored -> task.run()))
                .await()
                .atMost(PATIENCE);
    }

    private OutboundSseEvent event(Attempted state) {
        return StateStreams.event(sse, state.delivery().version, state.delivery().status, DeliveryView.of(state));
    }
}
