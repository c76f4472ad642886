package dev.carillon.delivery.redrive.http;

import dev.carillon.delivery.redrive.Redrive;
import dev.carillon.delivery.redrive.store.RedriveStore;
import dev.carillon.delivery.redrive.usecase.RedriveDeadLetters;
import dev.carillon.kit.http.Queries;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.telemetry.Audit;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** {@code /v1/redrives}. */
@Path("/v1/redrives/{id}")
@Produces(MediaType.APPLICATION_JSON)
public class RedriveResource {
    private final Caller caller;
    private final RedriveStore redrives;
    private final RedriveDeadLetters redriveDeadLetters;
    private final Audit audit;

    public RedriveResource(Caller caller, RedriveStore redrives, RedriveDeadLetters redriveDeadLetters, Audit audit) {
        this.caller = caller;
        this.redrives = redrives;
        this.redriveDeadLetters = redriveDeadLetters;
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
    @APIResponse(responseCode = "200")
    public Uni<RedriveView> stop(String id) {
        var known = Queries.id("redrive", id);
        var tenant = caller.tenant();
        var name = caller.name();
        return audit.begin(name, "redrives.stop", tenant + "/" + known)
                .around(redriveDeadLetters.stop(tenant, known, name), RedriveResource::outcome)
                .map(found -> view(found, known));
    }

    private static String outcome(Optional<Redrive> found) {
        return found.map(job -> "%s after %d of %d".formatted(job.state().wireName(), job.redriven(), job.total()))
                .orElse("there is no such redrive");
    }

    private static RedriveView view(Optional<Redrive> found, UUID id) {
        return found.map(RedriveView::of).orElseThrow(() -> new ProblemException(Problem.notFound("redrive", id)));
    }
}
