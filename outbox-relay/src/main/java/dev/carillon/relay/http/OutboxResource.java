package dev.carillon.relay.http;

import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.telemetry.Audit;
import dev.carillon.relay.OutboxState.LaneSummary;
import dev.carillon.relay.OutboxState.Summary;
import dev.carillon.relay.SourceIdentity.Adoption;
import dev.carillon.relay.http.OutboxView.LaneView;
import dev.carillon.relay.http.OutboxView.SourceView;
import dev.carillon.relay.source.RelayedSource;
import dev.carillon.relay.source.RelayedSources;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /v1/outbox}: where the sources stand, pause and resume. */
@Path("/v1/outbox")
@RolesAllowed({"operator", "admin"})
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "outbox")
public class OutboxResource {
    private final RelayedSources sources;
    private final Audit audit;
    private final Caller caller;

    public OutboxResource(RelayedSources sources, Audit audit, Caller caller) {
        this.sources = sources;
        this.audit = audit;
        this.caller = caller;
    }

    /** What POST answers. */
    @RegisterForReflection
    public record PausedView(String source, boolean paused) {}

    /**
     * @param removed events that were published before, as the positions tell
     * @param kept events that are published from now on, in order
     */
    @RegisterForReflection
    public record AdoptedView(String source, long removed, long kept) {}

    @GET
    @Operation(summary = "Every source and lane: owner, backlog, age of the oldest unpublished event, rate")
    public Uni<OutboxView> show() {
        List<Uni<SourceView>> views = sources.all().entrySet().stream()
                .map(source -> view(source.getKey(), source.getValue()))
                .toList();
        return views.isEmpty()
                ? Uni.createFrom().item(new OutboxView(List.of()))
                : Uni.join().all(views).andFailFast().map(OutboxView::new);
    }

    private static Uni<SourceView> view(String name, RelayedSource source) {
        var state = source.state();
        return Uni.combine()
                .all()
                .unis(
                        Uni.createFrom().completionStage(state::summary),
                        Uni.createFrom().completionStage(state::lanes))
                .asTuple()
                .map(both -> view(name, source, both.getItem1(), both.getItem2()))
                .onFailure()
                .recoverWithItem(failure -> unavailable(name, source, failure));
    }

    private static SourceView view(String name, RelayedSource source, Summary summary, List<LaneSummary> lanes) {
        double[] rates = source.relay().rates();
        return new SourceView(
                name,
                summary.paused(),
                lanes.stream().mapToLong(LaneSummary::backlog).sum(),
                lanes.stream()
                        .map(LaneSummary::oldestAge)
                        .filter(Objects::nonNull)
                        .max(Duration::compareTo)
                        .orElse(null),
                summary.parked(),
                DoubleStream.of(rates).sum(),
                source.relay().health().withheld(),
                lanes.stream()
                        .map(lane -> LaneView.of(lane, rates[lane.lane().number()]))
                        .toList(),
                source.relay().health().foreign(),
                null);
    }

    /** One database that is down does not hide the others. */
    private static SourceView unavailable(String name, RelayedSource source, Throwable failure) {
        var health = source.relay().health();
        String why = "its database does not answer: " + failure.getMessage();
        return new SourceView(
                name, health.paused(), 0, null, 0, 0, health.withheld(), List.of(), health.foreign(), why);
    }

    @POST
    @Path("/{source}/pause")
    @Operation(
            summary = "Stop publishing this source, in every relay; its events wait",
            description = "Done again it is the same; no Idempotency-Key is remembered")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "404", description = "not-found: there is no such source")
    public Uni<PausedView> pause(@PathParam("source") String name) {
        return pause(name, true);
    }

    @POST
    @Path("/{source}/resume")
    @Operation(
            summary = "Publish this source again",
            description = "Done again it is the same; no Idempotency-Key is remembered")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "404", description = "not-found: there is no such source")
    public Uni<PausedView> resume(@PathParam("source") String name) {
        return pause(name, false);
    }

    private Uni<PausedView> pause(String name, boolean paused) {
        var state = find(name).state();
        var line = audit.begin(caller.name(), paused ? "outbox.pause" : "outbox.resume", name);
        return line.around(Uni.createFrom().completionStage(() -> state.pause(paused)), done -> "done")
                .map(done -> new PausedView(name, paused));
    }

    @POST
    @Path("/{source}/adopt")
    @Operation(summary = "Take over a source whose database was restored: docs/operating/restore-a-database.md")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "404", description = "not-found: there is no such source")
    @APIResponse(responseCode = "409", description = "nothing-to-adopt: its database is the one that it was")
    public Uni<AdoptedView> adopt(@PathParam("source") String name) {
        var identity = find(name).identity();
        var line = audit.begin(caller.name(), "outbox.adopt", name);
        return line.around(
                        Uni.createFrom().completionStage(() -> identity.adopt(caller.name())), OutboxResource::outcome)
                .map(adoption -> answer(name, adoption));
    }

    private static String outcome(Adoption adoption) {
        return switch (adoption) {
            case Adoption.Adopted(long removed, long kept) -> "removed " + removed + ", kept " + kept;
            case Adoption.NotForeign same -> "nothing to adopt";
        };
    }

    private static AdoptedView answer(String name, Adoption adoption) {
        return switch (adoption) {
            case Adoption.Adopted(long removed, long kept) -> new AdoptedView(name, removed, kept);
            case Adoption.NotForeign same ->
                throw new ProblemException(Problem.of(
                        409,
                        "nothing-to-adopt",
                        "There is nothing to adopt",
                        "The database of " + name + " is the one that its positions were saved in"));
        };
    }

    private RelayedSource find(String name) {
        return sources.find(name).orElseThrow(() -> new ProblemException(Problem.notFound("source", name)));
    }
}
