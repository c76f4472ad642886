package dev.carillon.delivery.redrive.http;

import dev.carillon.delivery.redrive.Redrive;
import dev.carillon.delivery.redrive.store.RedriveStore;
import dev.carillon.delivery.redrive.usecase.RedriveDeadLetters;
import dev.carillon.delivery.redrive.usecase.RedriveDeadLetters.Stop;
import dev.carillon.kit.http.Queries;
import dev.carillon.kit.idempotency.IdempotencyHeader;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.telemetry.Audit;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/redrives}. */
@Path("/v1/redrives/{id}")
@Produces(MediaType.APPLICATION_JSON)
public class RedriveResource {
    private final Caller caller;
    private final RedriveStore redrives;
    private final RedriveDeadLetters redriveDeadLetters;
    private final IdempotencyHeader idempotency;
    private final Audit audit;

    public RedriveResource(
            Caller caller,
            RedriveStore redrives,
            RedriveDeadLetters redriveDeadLetters,
            IdempotencyHeader idempotency,
            Audit audit) {
        this.caller = caller;
        this.redrives = redrives;
        this.redriveDeadLetters = redriveDeadLetters;
        this.idempotency = idempotency;
        this.audit = audit;
    }

    @GET
    @PermissionsAllowed("deliveries:read")
    @Operation(summary = "How far a redrive is")
    @APIResponse(responseCode = "200")
    public Uni<RedriveView> get(String id) {
        var known = Queries.id("redrive", id);
        return redrives.find(caller.tenant(), known).map(found -> view(found, known));
    }

    @POST
    @Path("/stop")
    @Consumes(MediaType.WILDCARD)
    @PermissionsAllowed("deliveries:write")
    @Operation(
            summary = "Stop a redrive",
            description =
                    "What was redriven stays so. One that has ended stays as it is, so that a repeat gets the same answer")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = RedriveView.class)))
    public Uni<Response> stop(String id, @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var known = Queries.id("redrive", id);
        var tenant = caller.tenant();
        var name = caller.name();
        var idempotencyKey = idempotency.read(key, tenant, "/v1/redrives/" + known + "/stop", Map.of());
        return audit.begin(name, "redrives.stop", tenant + "/" + known)
                .around(redriveDeadLetters.stop(tenant, known, name, idempotencyKey), RedriveResource::told)
                .chain(stop -> switch (stop) {
                    case Stop.Ended(Redrive job) ->
                        Uni.createFrom()
                                .item(() -> Response.ok(RedriveView.of(job)).build());
                    case Stop.NotFound() -> throw notFound(known);
                    case Stop.Decided(Verdict.Repeated repeated) -> again(tenant, repeated.resourceId());
                    case Stop.Decided(Verdict verdict) -> throw IdempotencyHeader.refusal(verdict);
                });
    }

    private Uni<Response> again(String tenant, UUID id) {
        return redrives.find(tenant, id).map(found -> Response.ok(view(found, id))
                .header(IdempotencyHeader.REPLAYED, "true")
                .build());
    }

    private static String told(Stop stop) {
        return switch (stop) {
            case Stop.Ended(Redrive job) ->
                "%s after %d of %d".formatted(job.state().wireName(), job.redriven(), job.total());
            case Stop.NotFound() -> "there is no such redrive";
            case Stop.Decided(Verdict verdict) -> "nothing new, the Idempotency-Key is known";
        };
    }

    private static RedriveView view(Optional<Redrive> found, UUID id) {
        return found.map(RedriveView::of).orElseThrow(() -> notFound(id));
    }

    private static ProblemException notFound(UUID id) {
        return new ProblemException(Problem.notFound("redrive", id));
    }
}
