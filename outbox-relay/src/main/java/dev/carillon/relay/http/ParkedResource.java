package dev.carillon.relay.http;

import dev.carillon.kit.idempotency.IdempotencyHeader;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.Problem.FieldError;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.telemetry.Audit;
import dev.carillon.relay.DecideParked;
import dev.carillon.relay.DecideParked.Decided;
import dev.carillon.relay.ParkedEvents.Fate;
import dev.carillon.relay.source.RelayedSource;
import dev.carillon.relay.source.RelayedSources;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
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
    private final IdempotencyHeader idempotency;

    public ParkedResource(RelayedSources sources, Audit audit, Caller caller, IdempotencyHeader idempotency) {
        this.sources = sources;
        this.audit = audit;
        this.caller = caller;
        this.idempotency = idempotency;
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
    @Operation(
            summary = "Publish the first parked event of its key again",
            description = "The same decision again is answered the same for seven days, and not taken a second time")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = DecisionView.class)))
    @APIResponse(responseCode = "409", description = "not-first-of-key, event-refused, already-decided")
    @APIResponse(responseCode = "503", description = "kafka-unavailable")
    public Uni<Response> retry(
            @PathParam("source") String name,
            @PathParam("id") String id,
            @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var known = key(key, name, id, "retry");
        return decide(name, id, "outbox.retry", Fate.PUBLISHED, (decisions, row) -> decisions.retry(row, known));
    }

    @POST
    @Path("/{id}/skip")
    @Operation(
            summary = "Leave the first parked event of its key out for ever",
            description = "The same decision again is answered the same for seven days, and not taken a second time")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = DecisionView.class)))
    @APIResponse(responseCode = "409", description = "not-first-of-key, already-decided")
    public Uni<Response> skip(
            @PathParam("source") String name,
            @PathParam("id") String id,
            @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var known = key(key, name, id, "skip");
        return decide(name, id, "outbox.skip", Fate.SKIPPED, (decisions, row) -> decisions.skip(row, known));
    }

    private @Nullable String key(@Nullable String header, String name, String id, String action) {
        var key = idempotency.read(
                header, caller.tenant(), "/v1/outbox/%s/parked/%s/%s".formatted(name, id, action), Map.of());
        return key == null ? null : key.value();
    }

    private Uni<Response> decide(
            String name,
            String id,
            String action,
            Fate fate,
            BiFunction<DecideParked, Long, CompletionStage<Decided>> decision) {
        var source = find(name);
        long row = id.matches("\\d{1,18}") ? Long.parseLong(id) : 0;
        var line = audit.begin(caller.name(), action, name + "/parked/" + id);
        return line.around(
                        Uni.createFrom().completionStage(() -> decision.apply(source.decisions(), row)),
                        ParkedResource::told)
                .map(decided -> answer(decided, id, fate));
    }

    private static String told(Decided decided) {
        return decided instanceof Decided.PublishedToo(Fate other)
                ? "Done, though another request had it " + other.wireName() + " meanwhile"
                : decided.getClass().getSimpleName();
    }

    private static Response answer(Decided decided, String id, Fate fate) {
        return switch (decided) {
            case Decided.Done finished -> decision(id, fate).build();
            case Decided.PublishedToo besides -> decision(id, fate).build();
            case Decided.Repeated before ->
                decision(id, fate).header(IdempotencyHeader.REPLAYED, "true").build();
            case Decided.DecidedBefore(Fate other) ->
                throw new ProblemException(Problem.of(
                                409,
                                "already-decided",
                                "Another request has decided about this event",
                                "It was " + other.wireName())
                        .with("outcome", other.wireName()));
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

    private static Response.ResponseBuilder decision(String id, Fate fate) {
        return Response.ok(new DecisionView(id, fate.wireName()));
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
