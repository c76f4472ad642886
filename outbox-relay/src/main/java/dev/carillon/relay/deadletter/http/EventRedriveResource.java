package dev.carillon.relay.deadletter.http;

import dev.carillon.kit.http.Queries;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.telemetry.Audit;
import dev.carillon.relay.deadletter.DeadLetters;
import dev.carillon.relay.deadletter.Redrive;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /v1/event-redrives}: the latest redrive of each topic of dead letters. */
@Path("/v1/event-redrives")
@RolesAllowed({"operator", "admin"})
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "event dead letters")
@Blocking
public class EventRedriveResource {
    private final DeadLetters deadLetters;
    private final Audit audit;
    private final Caller caller;

    public EventRedriveResource(DeadLetters deadLetters, Audit audit, Caller caller) {
        this.deadLetters = deadLetters;
        this.audit = audit;
        this.caller = caller;
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "How far a redrive is, whichever relay runs it")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "404", description = "not-found: there is none, or a later one has followed it")
    public EventRedriveView show(@PathParam("id") String id) {
        return EventRedriveView.of(find(id));
    }

    @POST
    @Path("/{id}/stop")
    @Operation(
            summary = "Stop a redrive; the next one goes on where it was",
            description = "One that has ended stays as it is; no Idempotency-Key is remembered")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "404", description = "not-found: there is none, or a later one has followed it")
    public EventRedriveView stop(@PathParam("id") String id) {
        var found = find(id);
        var after = audit.begin(
                        caller.name(), "event-redrives.stop", found.topic().name() + " " + id)
                .during(
                        () -> mayRun(found) ? Answered.by(() -> deadLetters.stop(found)) : found,
                        one -> one.status() + ", " + one.left() + " left");
        return EventRedriveView.of(after);
    }

    /** One that was interrupted goes on when its request is repeated. */
    private static boolean mayRun(Redrive redrive) {
        return redrive.status() == Redrive.Status.RUNNING || redrive.status() == Redrive.Status.INTERRUPTED;
    }

    private Redrive find(String id) {
        var wanted = Queries.id("redrive", id);
        return Answered.by(() -> deadLetters.redrive(wanted))
                .orElseThrow(() -> new ProblemException(Problem.notFound("redrive", id)));
    }
}
