package dev.carillon.relay.deadletter.http;

import dev.carillon.kit.http.Queries;
import dev.carillon.kit.idempotency.IdempotencyHeader;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.limits.Deferrable;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.Problem.FieldError;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.telemetry.Audit;
import dev.carillon.relay.deadletter.Backlog;
import dev.carillon.relay.deadletter.DeadLetterPage.Place;
import dev.carillon.relay.deadletter.DeadLetterTopic;
import dev.carillon.relay.deadletter.DeadLetters;
import dev.carillon.relay.deadletter.DeadLetters.Beginning;
import dev.carillon.relay.deadletter.Redrive;
import dev.carillon.relay.deadletter.http.EventDeadLettersView.LetterView;
import dev.carillon.relay.deadletter.http.EventDeadLettersView.Letters;
import dev.carillon.relay.deadletter.http.EventDeadLettersView.TopicView;
import dev.carillon.relay.deadletter.http.EventDeadLettersView.Topics;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /v1/event-dead-letters}: what consumers could not apply, and putting it back. */
@Path("/v1/event-dead-letters")
@RolesAllowed({"operator", "admin"})
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "event dead letters")
@Blocking
public class EventDeadLetterResource {
    private static final int DEFAULT_RATE = 50;
    private static final int HIGHEST_RATE = 1_000;
    private static final Pattern CURSOR = Pattern.compile("(\\d{1,9})-(\\d{1,18})");

    private final DeadLetters deadLetters;
    private final Audit audit;
    private final Caller caller;
    private final IdempotencyHeader idempotency;

    public EventDeadLetterResource(DeadLetters deadLetters, Audit audit, Caller caller, IdempotencyHeader idempotency) {
        this.deadLetters = deadLetters;
        this.audit = audit;
        this.caller = caller;
        this.idempotency = idempotency;
    }

    /** What POST takes. */
    @RegisterForReflection
    public record RedriveRequest(
            @Nullable String topic,
            @Nullable String group,
            @Nullable Boolean dryRun,
            @Nullable Integer ratePerSecond) {}

    /** What a dry run answers. */
    @RegisterForReflection
    public record CountView(long count) {}

    @GET
    @Operation(
            summary =
                    "Topics with dead letters of consumers and how many; with topic and group, the dead letters themselves",
            description =
                    "A dead letter is shown with its headers, its error and the first 1,000 bytes of its payload, and looking is audited")
    @APIResponse(responseCode = "200", description = "One page of either")
    @APIResponse(responseCode = "404", description = "not-found: the group has no dead letters of this topic")
    @APIResponse(responseCode = "503", description = "kafka-unavailable")
    public Object list(
            @Parameter(description = "Where the events were read from; together with group")
                    @QueryParam("topic")
                    @Nullable String topic,
            @Parameter(description = "The group of consumers; together with topic") @QueryParam("group") @Nullable String group,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        int atMost = Queries.limit(limit);
        var from = place(cursor);
        if (topic == null && group == null) {
            return new Topics(
                    Answered.by(deadLetters::backlogs).stream()
                            .map(TopicView::of)
                            .toList(),
                    null);
        }
        var which = find(topic, group).topic();
        var page = audit.begin(caller.name(), "event-dead-letters.read", which.name())
                .during(
                        () -> Answered.by(() -> deadLetters.page(which, from, atMost)),
                        found -> found.letters().size() + " shown");
        return new Letters(
                page.letters().stream().map(LetterView::of).toList(), EventDeadLettersView.cursor(page.next()));
    }

    @POST
    @Path("/redrive")
    @Deferrable
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Put a group's dead letters back on the topic that they came from, or count them",
            description =
                    "Goes to the end that they have now, where an earlier redrive ended on. The events keep their ids, so that every consumer"
                            + " that has applied one passes it over. An Idempotency-Key is known until another redrive of the topic begins; one whose relay"
                            + " is gone goes on when its key comes again")
    @APIResponse(responseCode = "200", description = "A dry run: how many there are")
    @APIResponse(responseCode = "202", description = "The redrive runs; Location says where to read of it")
    @APIResponse(responseCode = "409", description = "redrive-running")
    @APIResponse(responseCode = "422", description = "idempotency-key-reused")
    public Response redrive(
            @Nullable RedriveRequest body, @HeaderParam(IdempotencyHeader.NAME) @Nullable String header) {
        var request = Problem.required(body);
        int rate = request.ratePerSecond == null ? DEFAULT_RATE : request.ratePerSecond;
        refuse(request, rate);
        var backlog = find(request.topic, request.group);
        if (Boolean.TRUE.equals(request.dryRun)) {
            return Response.ok(new CountView(backlog.waiting())).build();
        }
        var which = backlog.topic();
        var key = idempotency.read(header, caller.tenant(), "/v1/event-dead-letters/redrive", request);
        var value = key == null ? null : key.value();
        var begun = audit.begin(caller.name(), "event-dead-letters.redrive", which.name())
                .during(
                        () -> Answered.by(() -> deadLetters.begin(which, rate, caller.name(), value)),
                        EventDeadLetterResource::told);
        return answer(begun, which, rate);
    }

    private static String told(Beginning beginning) {
        return switch (beginning) {
            case Beginning.Begun(Redrive one) ->
                "%s begins: %d at %d a second".formatted(one.id(), one.total(), one.ratePerSecond());
            case Beginning.BegunBefore(Redrive one) -> "nothing new, the Idempotency-Key is that of " + one.id();
            case Beginning.GoesOn(Redrive one) ->
                "%s goes on: %d of %d left at %d a second"
                        .formatted(one.id(), one.left(), one.total(), one.ratePerSecond());
            case Beginning.Busy() -> "refused, another one runs";
        };
    }

    private static Response answer(Beginning beginning, DeadLetterTopic which, int rate) {
        return switch (beginning) {
            case Beginning.Begun(Redrive one) -> accepted(one).build();
            case Beginning.BegunBefore(Redrive one) -> {
                if (!one.topic().equals(which) || one.ratePerSecond() != rate) {
                    throw IdempotencyHeader.refusal(new Verdict.Reused());
                }
                yield accepted(one).header(IdempotencyHeader.REPLAYED, "true").build();
            }
            case Beginning.GoesOn(Redrive one) ->
                accepted(one).header(IdempotencyHeader.REPLAYED, "true").build();
            case Beginning.Busy() ->
                throw new ProblemException(Problem.of(
                        409,
                        "redrive-running",
                        "These dead letters are being redriven",
                        "Stop that redrive first, or wait for its end"));
        };
    }

    private static Response.ResponseBuilder accepted(Redrive redrive) {
        return Response.accepted(EventRedriveView.of(redrive))
                .location(URI.create("/v1/event-redrives/" + redrive.id()));
    }

    private static void refuse(RedriveRequest request, int rate) {
        var faults = new ArrayList<FieldError>();
        if (request.topic == null) {
            faults.add(new FieldError("/topic", "is required"));
        }
        if (request.group == null) {
            faults.add(new FieldError("/group", "is required"));
        }
        if (rate < 1 || rate > HIGHEST_RATE) {
            faults.add(new FieldError("/ratePerSecond", "must be from 1 to " + HIGHEST_RATE));
        }
        if (!faults.isEmpty()) {
            throw new ProblemException(Problem.invalid(List.copyOf(faults)));
        }
    }

    private Backlog find(@Nullable String topic, @Nullable String group) {
        var name = topic + "." + group;
        return DeadLetterTopic.named(name + ".dlq")
                .filter(one -> one.topic().equals(topic) && one.group().equals(group))
                .filter(one -> isTopicName(one.name()))
                .flatMap(one -> Answered.by(() -> deadLetters.backlog(one)))
                .orElseThrow(() -> new ProblemException(Problem.notFound("topic of dead letters", name)));
    }

    /** As Kafka has it; it would refuse to be asked for another one. */
    private static boolean isTopicName(String name) {
        return name.matches("[a-zA-Z0-9._-]{1,249}");
    }

    private static Place place(@Nullable String cursor) {
        if (cursor == null) {
            return Place.START;
        }
        var parts = CURSOR.matcher(cursor);
        if (!parts.matches()) {
            throw new ProblemException(Problem.malformed(
                    "invalid-parameter",
                    "A parameter is not valid",
                    new FieldError("cursor", "is not a nextCursor of an earlier answer")));
        }
        return new Place(Integer.parseInt(parts.group(1)), Long.parseLong(parts.group(2)));
    }
}
