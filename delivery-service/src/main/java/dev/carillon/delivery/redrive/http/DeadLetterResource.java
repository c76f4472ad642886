package dev.carillon.delivery.redrive.http;

import dev.carillon.delivery.attempt.DeliveryStatus;
import dev.carillon.delivery.attempt.http.DeliveryQuery;
import dev.carillon.delivery.attempt.http.DeliveryView;
import dev.carillon.delivery.attempt.store.DeliveryReader;
import dev.carillon.delivery.redrive.Redrive;
import dev.carillon.delivery.redrive.store.RedriveStore;
import dev.carillon.delivery.redrive.usecase.RedriveDeadLetters;
import dev.carillon.delivery.redrive.usecase.RedriveDeadLetters.Outcome;
import dev.carillon.kit.http.Page;
import dev.carillon.kit.idempotency.IdempotencyHeader;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.limits.Deferrable;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.telemetry.Audit;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/dead-letters}: deliveries that no provider took, and attempting them again. */
@Path("/v1/dead-letters")
@Produces(MediaType.APPLICATION_JSON)
public class DeadLetterResource {
    private final Caller caller;
    private final DeliveryReader deliveries;
    private final RedriveStore redrives;
    private final RedriveDeadLetters redriveDeadLetters;
    private final IdempotencyHeader idempotency;
    private final Audit audit;

    public DeadLetterResource(
            Caller caller,
            DeliveryReader deliveries,
            RedriveStore redrives,
            RedriveDeadLetters redriveDeadLetters,
            IdempotencyHeader idempotency,
            Audit audit) {
        this.caller = caller;
        this.deliveries = deliveries;
        this.redrives = redrives;
        this.redriveDeadLetters = redriveDeadLetters;
        this.idempotency = idempotency;
        this.audit = audit;
    }

    /** What a dry run answers: how many there are; 100,000 when there are as many or more. */
    @RegisterForReflection
    public record CountView(long count) {}

    @GET
    @PermissionsAllowed("deliveries:read")
    @Operation(summary = "The tenant's dead deliveries with every attempt at them, newest first")
    public Uni<Page<DeliveryView>> list(@BeanParam DeliveryQuery query) {
        var filter = query.filter(caller.tenant(), DeliveryStatus.DEAD.wireName());
        return deliveries.list(filter).map(found -> DeliveryQuery.page(filter, found));
    }

    @POST
    @Path("/redrive")
    @Deferrable
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed("deliveries:write")
    @Operation(
            summary = "Attempt dead letters again, once each and at a rate, or count them",
            description =
                    "Those that have expired are left out, in the count too. What dies again is for the next redrive")
    @APIResponse(
            responseCode = "200",
            description = "A dry run: how many there are; 100,000 when there are as many or more",
            content = @Content(schema = @Schema(implementation = CountView.class)))
    @APIResponse(
            responseCode = "202",
            description = "The redrive runs; Location says where to read of it",
            content = @Content(schema = @Schema(implementation = RedriveView.class)))
    @APIResponse(responseCode = "409", description = "redrive-running: another one of the tenant does")
    public Uni<Response> redrive(
            @Nullable RedriveRequest request, @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var body = Problem.required(request);
        var wish = body.read();
        var tenant = caller.tenant();
        if (wish.dryRun()) {
            return redrives.count(tenant, wish.which())
                    .map(count -> Response.ok(new CountView(count)).build());
        }
        var name = caller.name();
        var idempotencyKey = idempotency.read(key, tenant, "/v1/dead-letters/redrive", body);
        return audit.begin(name, "dead-letters.redrive", tenant)
                .around(
                        redriveDeadLetters.begin(tenant, wish.which(), wish.ratePerSecond(), name, idempotencyKey),
                        DeadLetterResource::told)
                .chain(outcome -> answer(tenant, outcome));
    }

    private static String told(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Begun(Redrive job) ->
                // Not by what they are narrowed: that may be somebody's address, and the job's row has it.
                "%s begins: %d at %d a second".formatted(job.id(), job.total(), job.ratePerSecond());
            case Outcome.Running(UUID other) -> "refused, another one runs";
            case Outcome.Decided(Verdict verdict) -> "nothing new, the Idempotency-Key is known";
        };
    }

    private Uni<Response> answer(String tenant, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Begun(Redrive job) ->
                Uni.createFrom().item(() -> accepted(job).build());
            case Outcome.Running(UUID other) -> throw running(other);
            case Outcome.Decided(Verdict.Repeated repeated) ->
                redrives.find(tenant, repeated.resourceId())
                        .map(found -> accepted(found.orElseThrow(() -> notFound(repeated)))
                                .header(IdempotencyHeader.REPLAYED, "true")
                                .build());
            case Outcome.Decided(Verdict verdict) -> throw IdempotencyHeader.refusal(verdict);
        };
    }

    /** A redrive may be forgotten before the key is that it was begun with. */
    private static ProblemException notFound(Verdict.Repeated repeated) {
        return new ProblemException(Problem.notFound("redrive", repeated.resourceId()));
    }

    private static Response.ResponseBuilder accepted(Redrive job) {
        return Response.accepted(RedriveView.of(job)).location(URI.create("/v1/redrives/" + job.id()));
    }

    private static ProblemException running(@Nullable UUID other) {
        var problem = Problem.of(
                409,
                "redrive-running",
                "A redrive is running",
                "Stop it first, or wait for its end: one at a time runs for a tenant");
        return new ProblemException(other == null ? problem : problem.with("redriveId", other));
    }
}
