package dev.carillon.scheduler.message.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.kit.idempotency.IdempotencyHeader;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.problem.Faults;
import dev.carillon.kit.problem.Problem;
import dev.carillon.scheduler.Workers;
import dev.carillon.scheduler.message.http.BatchItems.Item;
import dev.carillon.scheduler.message.http.MessageBatchView.Result;
import dev.carillon.scheduler.message.store.MessageJson;
import dev.carillon.scheduler.message.store.MessageStore;
import dev.carillon.scheduler.message.store.TracedMessage;
import dev.carillon.scheduler.message.usecase.ScheduleMessage;
import dev.carillon.scheduler.message.usecase.ScheduleMessage.Outcome;
import dev.carillon.scheduler.template.FoundTemplates;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** {@code /v1/messages/batch}: up to 1,000 messages in one commit, with a result for each. */
@Path("/v1/messages/batch")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class MessageBatchResource {
    private static final int LARGEST = 1_000;

    private final BatchItems items;
    private final NamedTemplates namedTemplates;
    private final Workers workers;
    private final ScheduleMessage scheduleMessage;
    private final MessageStore messages;
    private final MessageJson json;

    public MessageBatchResource(
            BatchItems items,
            NamedTemplates namedTemplates,
            Workers workers,
            ScheduleMessage scheduleMessage,
            MessageStore messages,
            MessageJson json) {
        this.items = items;
        this.namedTemplates = namedTemplates;
        this.workers = workers;
        this.scheduleMessage = scheduleMessage;
        this.messages = messages;
        this.json = json;
    }

    /** On a worker's thread: thousands of texts are read before anything waits. */
    @POST
    @Blocking
    @PermissionsAllowed("messages:write")
    @Operation(
            summary = "Schedule up to 1,000 messages",
            description =
                    "Each item is a message with an idempotencyKey of its own, if it wants one; the header's stands for those that have none."
                            + " One that is refused spoils no other.")
    public Uni<MessageBatchView> schedule(
            @Nullable MessageBatchRequest request, @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var batch = items.parse(bounded(Problem.required(request)), key);
        if (!batch.namesTemplates()) {
            return schedule(batch.tenant(), items.read(batch, FoundTemplates.NONE));
        }
        return namedTemplates
                .of(batch.tenant(), batch.requests())
                .chain(templates -> workers.run(() -> items.read(batch, templates)))
                .chain(read -> schedule(batch.tenant(), read));
    }

    private Uni<MessageBatchView> schedule(String tenant, List<Item> read) {
        // First what is only asked: when that fails, nothing has been done yet.
        return scheduleMessage.judge(keysOfRefused(read)).chain(verdicts -> scheduleMessage
                .schedule(requests(read))
                .map(outcomes -> answers(read, outcomes, verdicts))
                .chain(decided -> shown(tenant, decided)));
    }

    private static List<@Nullable ObjectNode> bounded(MessageBatchRequest request) {
        var items = request.items();
        var faults = new Faults();
        if (items == null || items.isEmpty() || items.size() > LARGEST) {
            faults.add("/items", "takes 1 to %,d messages".formatted(LARGEST));
            throw faults.asProblem();
        }
        return items;
    }

    private static List<ScheduleMessage.Request> requests(List<Item> read) {
        return read.stream()
                .filter(Item.Readable.class::isInstance)
                .map(item -> ((Item.Readable) item).request())
                .toList();
    }

    private static List<IdempotencyKeys.Key> keysOfRefused(List<Item> read) {
        return read.stream()
                .filter(Item.Refused.class::isInstance)
                .flatMap(item -> Stream.ofNullable(((Item.Refused) item).key()))
                .toList();
    }

    /** What an item is answered with; the messages that were there already are still to be read. */
    private sealed interface Answer {
        record Scheduled(TracedMessage message) implements Answer {}

        record Again(UUID message) implements Answer {}

        record Refused(Problem problem) implements Answer {}
    }

    private static List<Answer> answers(List<Item> read, List<Outcome> outcomes, List<Verdict> verdicts) {
        Iterator<Outcome> scheduled = outcomes.iterator();
        Iterator<Verdict> judged = verdicts.iterator();
        return read.stream()
                .map(item -> switch (item) {
                    case Item.Readable ignored -> answer(scheduled.next());
                    case Item.Refused(Problem problem, var key) ->
                        key == null ? new Answer.Refused(problem) : answer(judged.next(), problem);
                })
                .toList();
    }

    private static Answer answer(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Scheduled(TracedMessage message) -> new Answer.Scheduled(message);
            case Outcome.Decided(Verdict verdict) ->
                verdict instanceof Verdict.Repeated repeated
                        ? new Answer.Again(repeated.resourceId())
                        : new Answer.Refused(IdempotencyHeader.refusal(verdict).problem());
        };
    }

    private static Answer answer(Verdict verdict, Problem refusal) {
        return switch (verdict) {
            case Verdict.Fresh ignored -> new Answer.Refused(refusal);
            case Verdict.Repeated repeated -> new Answer.Again(repeated.resourceId());
            case Verdict.Reused _, Verdict.InProgress _ ->
                new Answer.Refused(IdempotencyHeader.refusal(verdict).problem());
        };
    }

    private Uni<MessageBatchView> shown(String tenant, List<Answer> answers) {
        var again = answers.stream()
                .filter(Answer.Again.class::isInstance)
                .map(answer -> ((Answer.Again) answer).message())
                .toList();
        Uni<List<TracedMessage>> found =
                again.isEmpty() ? Uni.createFrom().item(List.of()) : messages.find(tenant, again);
        return found.map(there ->
                shown(answers, there.stream().collect(Collectors.toMap(TracedMessage::id, Function.identity()))));
    }

    private MessageBatchView shown(List<Answer> answers, Map<UUID, TracedMessage> there) {
        return new MessageBatchView(answers.stream()
                .map(answer -> switch (answer) {
                    case Answer.Scheduled(TracedMessage message) -> Result.scheduled(MessageView.of(message, json));
                    case Answer.Again(UUID id) -> again(id, there.get(id));
                    case Answer.Refused(Problem problem) -> Result.refused(problem);
                })
                .toList());
    }

    private Result again(UUID id, @Nullable TracedMessage message) {
        return message == null
                ? Result.refused(Problem.notFound("message", id))
                : Result.again(MessageView.of(message, json));
    }
}
