package dev.carillon.scheduler.recurrence.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.http.Cursor;
import dev.carillon.kit.http.Page;
import dev.carillon.kit.http.Queries;
import dev.carillon.kit.idempotency.IdempotencyHeader;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.tx.Overloaded;
import dev.carillon.scheduler.IdempotentAnswers;
import dev.carillon.scheduler.Workers;
import dev.carillon.scheduler.message.http.NamedTemplates;
import dev.carillon.scheduler.message.usecase.Staging;
import dev.carillon.scheduler.recurrence.Definition;
import dev.carillon.scheduler.recurrence.Occurrences;
import dev.carillon.scheduler.recurrence.RecurringSchedule;
import dev.carillon.scheduler.recurrence.State;
import dev.carillon.scheduler.recurrence.http.ScheduleDocuments.Asked;
import dev.carillon.scheduler.recurrence.store.ScheduleStore;
import dev.carillon.scheduler.recurrence.store.TracedSchedule;
import dev.carillon.scheduler.recurrence.usecase.ChangeSchedule;
import dev.carillon.scheduler.recurrence.usecase.ChangeSchedule.Target;
import dev.carillon.scheduler.recurrence.usecase.CreateSchedule;
import dev.carillon.scheduler.recurrence.usecase.ReadRules;
import dev.carillon.scheduler.template.FoundTemplates;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/schedules}. */
@Path("/v1/schedules")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ScheduleResource {
    /** How often a patch is applied at most while others change the schedule; of any that meet, one succeeds each time. */
    private static final int MOST_TRIES = 20;

    private final Caller caller;
    private final EventIds ids;
    private final Traces traces;
    private final IdempotencyHeader idempotency;
    private final IdempotentAnswers answers;
    private final NamedTemplates namedTemplates;
    private final DefinitionReading reading;
    private final ScheduleDocuments documents;
    private final ScheduleAnswers shown;
    private final CreateSchedule createSchedule;
    private final ChangeSchedule changeSchedule;
    private final ReadRules rules;
    private final ScheduleStore schedules;
    private final Staging staging;
    private final Workers workers;

    ScheduleResource(
            Caller caller,
            EventIds ids,
            Traces traces,
            IdempotencyHeader idempotency,
            IdempotentAnswers answers,
            NamedTemplates namedTemplates,
            DefinitionReading reading,
            ScheduleDocuments documents,
            ScheduleAnswers shown,
            CreateSchedule createSchedule,
            ChangeSchedule changeSchedule,
            ReadRules rules,
            ScheduleStore schedules,
            Staging staging,
            Workers workers) {
        this.caller = caller;
        this.ids = ids;
        this.traces = traces;
        this.idempotency = idempotency;
        this.answers = answers;
        this.namedTemplates = namedTemplates;
        this.reading = reading;
        this.documents = documents;
        this.shown = shown;
        this.createSchedule = createSchedule;
        this.changeSchedule = changeSchedule;
        this.rules = rules;
        this.schedules = schedules;
        this.staging = staging;
        this.workers = workers;
    }

    @POST
    @PermissionsAllowed("schedules:write")
    @Operation(summary = "Create a recurring schedule, by cron or rrule")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = ScheduleView.class)))
    public Uni<Response> create(
            @Nullable ScheduleRequest request, @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var body = Problem.required(request);
        var tenant = caller.tenant();
        var idempotencyKey = idempotency.read(key, tenant, "/v1/schedules", body);
        var name = caller.name();
        var trace = traces.current();
        return namedTemplates
                .of(tenant, body.message())
                .chain(templates -> workers.run(() -> read(body, tenant, name, templates)))
                .chain(read -> switch (read) {
                    case Read.Schedule(RecurringSchedule schedule) ->
                        created(new TracedSchedule(schedule, trace), idempotencyKey);
                    case Read.Refused(ProblemException refusal) ->
                        // It may have been taken when it came first: what has no occurrence now had one then.
                        idempotencyKey == null
                                ? Uni.createFrom().failure(refusal)
                                : answers.againOrRefused(
                                        idempotencyKey, refusal, id -> shown.again(tenant, id, shown::created));
                });
    }

    /** What a request comes to. */
    private sealed interface Read {
        record Schedule(RecurringSchedule schedule) implements Read {}

        record Refused(ProblemException refusal) implements Read {}
    }

    private Read read(ScheduleRequest body, String tenant, String name, FoundTemplates templates) {
        var now = staging.now();
        try {
            var read = reading.read(Asked.of(body), tenant, name, templates, now);
            return new Read.Schedule(RecurringSchedule.created(
                    ids.next(), tenant, read.definition(), read.occurrences().last(), now));
        } catch (ProblemException refusal) {
            return new Read.Refused(refusal);
        }
    }

    private Uni<Response> created(TracedSchedule schedule, IdempotencyKeys.@Nullable Key key) {
        var tenant = schedule.schedule().tenant();
        return createSchedule.create(schedule, key).chain(outcome -> switch (outcome) {
            case CreateSchedule.Outcome.Created(TracedSchedule created) ->
                workers.run(() -> shown.created(created).build());
            case CreateSchedule.Outcome.Decided(Verdict verdict) ->
                answers.again(verdict, id -> shown.again(tenant, id, shown::created));
        });
    }

    @GET
    @Path("/{id}")
    @PermissionsAllowed("schedules:read")
    @Operation(summary = "One schedule")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = ScheduleView.class)))
    public Uni<Response> get(String id) {
        return found(id).chain(schedule -> workers.run(() -> shown.ok(schedule).build()));
    }

    @GET
    @PermissionsAllowed("schedules:read")
    @Operation(summary = "The tenant's schedules, newest first")
    public Uni<Page<ScheduleView>> list(
            @QueryParam("status") @Nullable String status,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        int wanted = Queries.limit(limit);
        var state = Queries.oneOf("status", status, State::of, State::wireName);
        var now = staging.now();
        return schedules
                .list(caller.tenant(), state, Cursor.read(cursor), wanted + 1)
                .chain(found ->
                        workers.run(() -> Page.of(found, wanted, one -> documents.view(one, now), TracedSchedule::id)));
    }

    /** @param items the next ones, in their order */
    @RegisterForReflection
    public record OccurrencesView(List<OccurrenceView> items) {}

    @GET
    @Path("/{id}/occurrences")
    @PermissionsAllowed("schedules:read")
    @Operation(summary = "When a schedule fires next; of one that is paused, when it would if it were resumed now")
    public Uni<OccurrencesView> occurrences(String id, @QueryParam("limit") @Nullable String limit) {
        int wanted = Queries.limit(limit);
        return found(id)
                .map(TracedSchedule::schedule)
                .chain(schedule ->
                        workers.run(() -> new OccurrencesView(occurrences(schedule).next(staging.now(), wanted).stream()
                                .map(one -> OccurrenceView.of(
                                        one, schedule.definition().zonePolicy()))
                                .toList())));
    }

    private Occurrences occurrences(RecurringSchedule schedule) {
        var definition = schedule.definition();
        var understood = DefinitionReading.understood(definition.rule(), rules.read(definition));
        return schedule.occurrences(understood.times());
    }

    /** What a client wants changed, and who it is. */
    private record Patch(Target target, String caller, ObjectNode body) {}

    /** What a schedule is to become. */
    private record Later(Definition definition, @Nullable Instant lastAt) {}

    @PATCH
    @Path("/{id}")
    @Consumes({"application/merge-patch+json", MediaType.APPLICATION_JSON})
    @PermissionsAllowed("schedules:write")
    @Operation(
            summary = "Change a schedule from now on",
            description = "Whatever it was created with, as a JSON merge patch (RFC 7396)")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = ScheduleView.class)))
    public Uni<Response> change(
            String id, @Nullable ObjectNode patch, @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        var body = Problem.required(patch);
        var revision = Queries.revision(ifMatch);
        var target = new Target(caller.tenant(), Queries.id("schedule", id), revision);
        return change(new Patch(target, caller.name(), body), MOST_TRIES)
                .chain(outcome ->
                        workers.run(() -> shown.changed(target.id(), outcome).build()));
    }

    /** A client that means no revision means whichever there is: a change that came between is read, too. */
    private Uni<ChangeSchedule.Outcome> change(Patch patch, int tries) {
        var target = patch.target;
        return found(target.tenant(), target.id())
                .chain(current -> changeOnce(patch, current.schedule()))
                .chain(outcome -> {
                    if (target.revision() != null || !(outcome instanceof ChangeSchedule.Outcome.OtherRevision)) {
                        return Uni.createFrom().item(outcome);
                    }
                    return tries > 1
                            ? change(patch, tries - 1)
                            : Uni.createFrom().failure(new Overloaded("Too many change the schedule " + target.id()));
                });
    }

    private Uni<ChangeSchedule.Outcome> changeOnce(Patch patch, RecurringSchedule current) {
        var tenant = patch.target.tenant();
        var wanted = patch.target.revision();
        int actual = current.revision();
        if (wanted != null && wanted != actual) {
            return Uni.createFrom().item(new ChangeSchedule.Outcome.OtherRevision(actual));
        }
        // Another change since the schedule was read would be undone by this one.
        var asRead = new Target(tenant, current.id(), actual);
        var asked = documents.patched(current.definition(), patch.body);
        return templates(tenant, asked)
                .chain(templates -> workers.run(() -> {
                    var read = reading.read(asked, tenant, patch.caller, templates, staging.now());
                    return new Later(read.definition(), read.occurrences().last());
                }))
                .chain(later -> changeSchedule.change(asRead, later.definition, later.lastAt));
    }

    private Uni<FoundTemplates> templates(String tenant, Asked asked) {
        return asked.kept() == null
                ? namedTemplates.of(tenant, asked.request().message())
                : Uni.createFrom().item(FoundTemplates.NONE);
    }

    @DELETE
    @Path("/{id}")
    @PermissionsAllowed("schedules:write")
    @Operation(summary = "Delete a schedule; what it has fired stays, what it has made ahead is withdrawn")
    @APIResponse(responseCode = "204", description = "It is deleted")
    public Uni<Response> delete(String id, @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        var known = Queries.id("schedule", id);
        return changeSchedule
                .delete(new Target(caller.tenant(), known, Queries.revision(ifMatch)))
                .map(outcome -> outcome instanceof ChangeSchedule.Outcome.Deleted
                        ? Response.noContent().build()
                        : shown.changed(known, outcome).build());
    }

    @POST
    @Path("/{id}/pause")
    @Consumes(MediaType.WILDCARD)
    @PermissionsAllowed("schedules:write")
    @Operation(summary = "Pause a schedule; what would fire until it is resumed is skipped")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = ScheduleView.class)))
    public Uni<Response> pause(
            String id,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var target = new Target(caller.tenant(), Queries.id("schedule", id), Queries.revision(ifMatch));
        return changeSchedule.pause(target, key(key, target, "pause")).chain(outcome -> acted(target, outcome));
    }

    @POST
    @Path("/{id}/resume")
    @Consumes(MediaType.WILDCARD)
    @PermissionsAllowed("schedules:write")
    @Operation(summary = "Resume a schedule from now on")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = ScheduleView.class)))
    public Uni<Response> resume(
            String id,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var target = new Target(caller.tenant(), Queries.id("schedule", id), Queries.revision(ifMatch));
        return changeSchedule.resume(target, key(key, target, "resume")).chain(outcome -> acted(target, outcome));
    }

    private IdempotencyKeys.@Nullable Key key(@Nullable String header, Target target, String act) {
        return idempotency.read(header, target.tenant(), "/v1/schedules/%s/%s".formatted(target.id(), act), Map.of());
    }

    private Uni<Response> acted(Target target, ChangeSchedule.Outcome outcome) {
        return outcome instanceof ChangeSchedule.Outcome.Decided(Verdict verdict)
                ? answers.again(verdict, id -> shown.again(target.tenant(), id, shown::ok))
                : workers.run(() -> shown.changed(target.id(), outcome).build());
    }

    private Uni<TracedSchedule> found(String id) {
        return found(caller.tenant(), Queries.id("schedule", id));
    }

    private Uni<TracedSchedule> found(String tenant, UUID id) {
        return schedules.find(tenant, id).map(found -> found.orElseThrow(() -> ScheduleAnswers.notFound(id)));
    }
}
