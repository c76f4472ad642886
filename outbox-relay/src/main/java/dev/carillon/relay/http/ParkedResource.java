package dev.carillon.relay.http;

import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.Problem.FieldError;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.telemetry.Audit;
import dev.carillon.relay.DecideParked;
import dev.carillon.relay.DecideParked.Decided;
import dev.carillon.relay.source.RelayedSource;
import dev.carillon.relay.source.RelayedSources;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /v1/outbox/{source}/parked}: events that the broker refused, and those that wait behind them. */
@Path("/v1/outbox/{source}/parked")
@RolesAllowed({"operator", "admin"})
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "outbox")
public class ParkedResource {
    private static final int MOST = 500;

    private final RelayedSources sources;
    private final Audit audit;
    private final Caller caller;

    public ParkedResource(RelayedSources sources, Audit audit, Caller caller) {
        this.sources = sources;
        this.audit = audit;
        this.caller = caller;
    }

    /** What a decision came to. */
    @RegisterForReflection
    public record DecisionView(String id, String outcome) {}

    @GET
    @Operation(summary = "Parked events, oldest first")
    public Uni<ParkedPage> list(
            @PathParam("source") String name,
            @QueryParam("limit") @DefaultValue("50") String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var source = find(name);
        int atMost = (int) number("limit", limit, 1, MOST);
        long after = cursor == null ? 0 : number("cursor", cursor, 0, Long.MAX_VALUE);
        return Uni.createFrom()
                .completionStage(() -> source.parked().list(after, atMost + 1))
                .map(found -> ParkedPage.of(found, atMost));
    }

    @POST
    @Path("/{id}/retry")
    @Operation(summary = "Publish the first parked event of its key again")
    @APIResponse(responseCode = "409", description = "not-first-of-key, event-refused")
    @APIResponse(responseCode = "503", description = "kafka-unavailable")
    public Uni<DecisionView> retry(@PathParam("source") String name, @PathParam("id") String id) {
        return decide(name, id, "outbox.retry", "published", DecideParked::retry);
    }

    @POST
    @Path("/{id}/skip")
    @Operation(summary = "Leave the first parked event of its key out for ever")
    @APIResponse(responseCode = "409", description = "not-first-of-key")
    public Uni<DecisionView> skip(@PathParam("source") String name, @PathParam("id") String id) {
        return decide(name, id, "outbox.skip", "skipped", DecideParked::skip);
    }

    private Uni<DecisionView> decide(
            String name,
            String id,
            String action,
            String done,
            BiFunction<DecideParked, Long, CompletionStage<Decided>> decision) {
        var source = find(name);
        long row = id.matches("\\d{1,18}") ? Long.parseLong(id) : 0;
        var line = audit.begin(caller.name(), action, name + "/parked/" + id);
        return line.around(
                        Uni.createFrom().completionStage(() -> decision.apply(source.decisions(), row)),
                        decided -> decided.getClass().getSimpleName())
                .map(decided -> answer(decided, id, done));
    }

    private static DecisionView answer(Decided decided, String id, String done) {
        return switch (decided) {
            case Decided.Done finished -> new DecisionView(id, done);
            case Decided.NotParked gone -> throw new ProblemException(Problem.notFound("parked event", id));
            case Decided.NotFirstOfKey later ->
                throw new ProblemException(Problem.of(
                        409,
                        "not-first-of-key",
                        "Earlier events of its key are parked",
                        "Decide about the first of its key first"));
            case Decided.RefusedAgain(String reason) ->
                throw new ProblemException(Problem.of(409, "event-refused", "Kafka refuses this event", reason));
            case Decided.Unavailable(String reason) ->
                throw new ProblemException(
                        Problem.of(503, "kafka-unavailable", "Kafka does not take this event now", reason),
                        Duration.ofSeconds(5));
        };
    }

    private static long number(String name, String value, long least, long most) {
        if (value.matches("\\d{1,18}")) {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw new ProblemException(Problem.of(
                        400,
                        "invalid-parameter",
                        "A query parameter is not valid",
                        name + " must be a number from " + least + " to " + most)
                .withErrors(List.of(new FieldError(name, "must be a number from " + least + " to " + most))));
    }

    private RelayedSource find(String name) {
        return sources.find(name).orElseThrow(() -> new ProblemException(Problem.notFound("source", name)));
    }
}
