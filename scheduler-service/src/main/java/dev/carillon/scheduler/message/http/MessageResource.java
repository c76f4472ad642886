package dev.carillon.scheduler.message.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.http.Cursor;
import dev.carillon.kit.http.Page;
import dev.carillon.kit.http.Queries;
import dev.carillon.kit.idempotency.IdempotencyHeader;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.limits.AwaitsOthers;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.telemetry.SpanIds;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.scheduler.IdempotentAnswers;
import dev.carillon.scheduler.message.Message;
import dev.carillon.scheduler.message.Status;
import dev.carillon.scheduler.message.store.MessageFilter;
import dev.carillon.scheduler.message.store.MessageJson;
import dev.carillon.scheduler.message.store.MessageStore;
import dev.carillon.scheduler.message.store.TracedMessage;
import dev.carillon.scheduler.message.usecase.CancelMessage;
import dev.carillon.scheduler.message.usecase.EditMessage;
import dev.carillon.scheduler.message.usecase.ScheduleMessage;
import dev.carillon.scheduler.message.usecase.Staging;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
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
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/messages}. */
@Path("/v1/messages")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class MessageResource {
    private static final String[] NO_SOURCE = {};

    private final Tenants tenants;
    private final Caller caller;
    private final EventIds ids;
    private final Traces traces;
    private final IdempotencyHeader idempotency;
    private final IdempotentAnswers answers;
    private final NamedTemplates namedTemplates;
    private final ScheduleMessage scheduleMessage;
    private final CancelMessage cancelMessage;
    private final EditMessage editMessage;
    private final MessageEdits edits;
    private final Staging staging;
    private final MessageStore messages;
    private final MessageJson json;

    public MessageResource(
            Tenants tenants,
            Caller caller,
            EventIds ids,
            Traces traces,
            IdempotencyHeader idempotency,
            IdempotentAnswers answers,
            NamedTemplates namedTemplates,
            ScheduleMessage scheduleMessage,
            CancelMessage cancelMessage,
            EditMessage editMessage,
            MessageEdits edits,
            Staging staging,
            MessageStore messages,
            MessageJson json) {
        this.tenants = tenants;
        this.caller = caller;
        this.ids = ids;
        this.traces = traces;
        this.idempotency = idempotency;
        this.answers = answers;
        this.namedTemplates = namedTemplates;
        this.scheduleMessage = scheduleMessage;
        this.cancelMessage = cancelMessage;
        this.editMessage = editMessage;
        this.edits = edits;
        this.staging = staging;
        this.messages = messages;
        this.json = json;
    }

    @POST
    @PermissionsAllowed("messages:write")
    @Operation(summary = "Schedule a message")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = MessageView.class)))
    public Uni<Response> schedule(
            @Nullable ScheduleMessageRequest request, @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var body = Problem.required(request);
        var tenant = caller.tenant();
        var idempotencyKey = idempotency.read(key, tenant, "/v1/messages", body);
        var name = caller.name();
        var trace = traces.current();
        return namedTemplates.of(tenant, body).chain(templates -> {
            Message message;
            try {
                var own = tenants.own(tenant, templates);
                message = MessageReading.read(body, ids.next(), own, name, staging.now());
            } catch (ProblemException refusal) {
                return idempotencyKey == null
                        ? Uni.createFrom().failure(refusal)
                        : answers.againOrRefused(idempotencyKey, refusal, id -> shown(tenant, id, this::created));
            }
            return scheduleMessage
                    .schedule(new TracedMessage(message, trace), idempotencyKey)
                    .chain(outcome -> switch (outcome) {
                        case ScheduleMessage.Outcome.Scheduled(TracedMessage created) ->
                            Uni.createFrom().item(created(created).build());
                        case ScheduleMessage.Outcome.Decided(Verdict verdict) ->
                            answers.again(verdict, id -> shown(tenant, id, this::created));
                    });
        });
    }

    @GET
    @Path("/{id}")
    @PermissionsAllowed("messages:read")
    @Operation(summary = "One message, with its timeline")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = MessageView.class)))
    public Uni<Response> get(String id) {
        var known = known(id);
        return messages.find(caller.tenant(), known)
                .map(found -> ok(found.orElseThrow(() -> MessageProblems.notFound(known)))
                        .build());
    }

    @GET
    @PermissionsAllowed("messages:read")
    @Operation(summary = "The tenant's messages, newest first")
    public Uni<Page<MessageView>> list(
            @QueryParam("status") @Nullable String status,
            @QueryParam("channel") @Nullable String channel,
            @QueryParam("dueFrom") @Nullable String dueFrom,
            @QueryParam("dueTo") @Nullable String dueTo,
            @QueryParam("orderingKey") @Nullable String orderingKey,
            @QueryParam("scheduleId") @Nullable String scheduleId,
            @QueryParam("source") @Nullable String source,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        int wanted = Queries.limit(limit);
        var typeAndId = source(Queries.uuid("scheduleId", scheduleId), Queries.text("source", source));
        var filter = new MessageFilter(
                caller.tenant(),
                Queries.oneOf("status", status, Status::of, Status::wireName),
                Queries.oneOf("channel", channel, "email", "telegram", "webhook"),
                Queries.instant("dueFrom", dueFrom),
                Queries.instant("dueTo", dueTo),
                Queries.text("orderingKey", orderingKey),
                typeAndId.length > 0 ? typeAndId[0] : null,
                typeAndId.length > 1 ? typeAndId[1] : null,
                Cursor.read(cursor),
                wanted);
        return messages.list(filter)
                .map(found ->
                        Page.of(found.messages(), found.more(), one -> MessageView.of(one, json), TracedMessage::id));
    }

    /** A source's type and, if given, its id; a schedule's messages have it as their source. */
    private static String[] source(@Nullable UUID scheduleId, @Nullable String source) {
        if (scheduleId == null) {
            return source == null ? NO_SOURCE : source.split(":", 2);
        }
        var ofSchedule = new String[] {"schedule", scheduleId.toString()};
        if (source != null && !source.equals(ofSchedule[0]) && !source.equals(String.join(":", ofSchedule))) {
            throw new ProblemException(Problem.malformed(
                    "invalid-parameter",
                    "A parameter is not valid",
                    new Problem.FieldError("source", "is another than that of the schedule's messages")));
        }
        return ofSchedule;
    }

    @POST
    @Path("/{id}/cancel")
    @AwaitsOthers
    @Consumes(MediaType.WILDCARD)
    @PermissionsAllowed("messages:write")
    @Operation(summary = "Cancel a message, whoever has it at the moment")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = MessageView.class)))
    @APIResponse(responseCode = "202", description = "Delivery has not answered yet")
    @APIResponse(responseCode = "409", description = "An attempt is under way, or the message has ended")
    public Uni<Response> cancel(
            String id,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var known = known(id);
        var tenant = caller.tenant();
        var idempotencyKey = idempotency.read(key, tenant, "/v1/messages/" + known + "/cancel", Map.of());
        return cancelMessage
                .cancel(tenant, known, Queries.revision(ifMatch), idempotencyKey)
                .chain(outcome -> outcome instanceof CancelMessage.Outcome.Decided(Verdict verdict)
                        ? answers.again(
                                verdict,
                                repeated -> shown(
                                        tenant, repeated, found -> cancelled(known, CancelMessage.answered(found))))
                        : Uni.createFrom().item(() -> cancelled(known, outcome).build()));
    }

    @PATCH
    @Path("/{id}")
    @AwaitsOthers
    @Consumes({"application/merge-patch+json", MediaType.APPLICATION_JSON})
    @PermissionsAllowed("messages:write")
    @Operation(
            summary = "Change a message before its first attempt",
            description = "schedule, content, expiresAt and metadata, as a JSON merge patch (RFC 7396)")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = MessageView.class)))
    @APIResponse(responseCode = "202", description = "Delivery has not answered yet")
    @APIResponse(
            responseCode = "409",
            description = "An attempt has begun, the message has ended, or another change is under way")
    public Uni<Response> edit(
            String id, @Nullable ObjectNode patch, @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        var known = known(id);
        var tenant = caller.tenant();
        var wish = edits.read(Problem.required(patch), tenant, staging::now);
        return editMessage.edit(tenant, known, Queries.revision(ifMatch), wish).map(outcome -> edited(known, outcome)
                .build());
    }

    /** The id of a path. The request's span is found by it. */
    private static UUID known(String id) {
        var known = Queries.id("message", id);
        SpanIds.onCurrent(SpanIds.MESSAGE, known);
        return known;
    }

    private Response.ResponseBuilder edited(UUID id, EditMessage.Outcome outcome) {
        return switch (outcome) {
            case EditMessage.Outcome.Edited(TracedMessage message) -> ok(message);
            case EditMessage.Outcome.Recalling(TracedMessage message) ->
                ok(message).status(Response.Status.ACCEPTED);
            case EditMessage.Outcome.AlreadyFired(TracedMessage message) -> throw MessageProblems.alreadyFired(message);
            case EditMessage.Outcome.RecallPending() -> throw MessageProblems.recallPending();
            case EditMessage.Outcome.NotFound() -> throw MessageProblems.notFound(id);
            case EditMessage.Outcome.OtherRevision(int actual) -> throw Queries.versionMismatch(actual);
        };
    }

    private Response.ResponseBuilder cancelled(UUID id, CancelMessage.Outcome outcome) {
        return switch (outcome) {
            case CancelMessage.Outcome.Cancelled(TracedMessage message) -> ok(message);
            case CancelMessage.Outcome.Recalling(TracedMessage message) ->
                ok(message).status(Response.Status.ACCEPTED);
            case CancelMessage.Outcome.AlreadyFired(TracedMessage message) ->
                throw MessageProblems.alreadyFired(message);
            case CancelMessage.Outcome.NotFound() -> throw MessageProblems.notFound(id);
            case CancelMessage.Outcome.OtherRevision(int actual) -> throw Queries.versionMismatch(actual);
            case CancelMessage.Outcome.Decided(Verdict verdict) -> throw IdempotencyHeader.refusal(verdict);
        };
    }

    private Uni<Response.ResponseBuilder> shown(
            String tenant, UUID id, Function<TracedMessage, Response.ResponseBuilder> answer) {
        return messages.find(tenant, id)
                .map(found -> answer.apply(found.orElseThrow(() -> MessageProblems.notFound(id))));
    }

    private Response.ResponseBuilder created(TracedMessage message) {
        SpanIds.onCurrent(SpanIds.MESSAGE, message.id());
        return ok(message).status(Response.Status.CREATED).location(URI.create("/v1/messages/" + message.id()));
    }

    private Response.ResponseBuilder ok(TracedMessage message) {
        return Response.ok(MessageView.of(message, json))
                .tag(String.valueOf(message.message().revision()));
    }
}
