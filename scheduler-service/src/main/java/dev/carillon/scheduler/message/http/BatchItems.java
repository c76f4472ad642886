package dev.carillon.scheduler.message.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.idempotency.IdempotencyHeader;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.problem.JsonSize;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.Problem.FieldError;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.problem.UnreadableBody;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.scheduler.SchedulerSettings;
import dev.carillon.scheduler.message.store.TracedMessage;
import dev.carillon.scheduler.message.usecase.ScheduleMessage;
import dev.carillon.scheduler.message.usecase.Staging;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads the items of a batch, each by itself and as if it had come alone. */
@ApplicationScoped
class BatchItems {
    private static final String KEY = "idempotencyKey";

    private final ObjectMapper json;
    private final SchedulerSettings settings;
    private final Caller caller;
    private final EventIds ids;
    private final Traces traces;
    private final IdempotencyHeader idempotency;
    private final Staging staging;

    BatchItems(
            ObjectMapper json,
            SchedulerSettings settings,
            Caller caller,
            EventIds ids,
            Traces traces,
            IdempotencyHeader idempotency,
            Staging staging) {
        this.json = json;
        this.settings = settings;
        this.caller = caller;
        this.ids = ids;
        this.traces = traces;
        this.idempotency = idempotency;
        this.staging = staging;
    }

    /** What an item is. */
    sealed interface Item {
        record Readable(ScheduleMessage.Request request) implements Item {}

        /** @param key by which it may have been taken when it came first: what is in the past now was not then */
        record Refused(Problem problem, IdempotencyKeys.@Nullable Key key) implements Item {}
    }

    /** @param batchKey stands for the key of each item that has none of its own */
    List<Item> read(List<@Nullable ObjectNode> items, @Nullable String batchKey) {
        return IntStream.range(0, items.size())
                .mapToObj(n -> read(items.get(n), n, batchKey))
                .toList();
    }

    private Item read(@Nullable ObjectNode item, int n, @Nullable String batchKey) {
        IdempotencyKeys.@Nullable Key key = null;
        try {
            if (item == null) {
                throw malformed("", "must be an object");
            }
            JsonSize.admit(item, json);
            var body = item.deepCopy();
            var own = ownKey(body);
            var request = json.treeToValue(body, ScheduleMessageRequest.class);
            key = own == null
                    ? idempotency.read(batchKey, caller.tenant(), "/v1/messages/batch/" + n, request)
                    : idempotency.read(own, caller.tenant(), "/v1/messages", request);
            return new Item.Readable(new ScheduleMessage.Request(message(request), key));
        } catch (JsonProcessingException unreadable) {
            return new Item.Refused(UnreadableBody.problem(unreadable), null);
        } catch (ProblemException refusal) {
            return new Item.Refused(refusal.problem(), key);
        }
    }

    private TracedMessage message(ScheduleMessageRequest request) {
        var tenant = caller.tenant();
        var message = MessageReading.read(
                request, ids.next(), tenant, Senders.of(tenant, settings), caller.name(), staging.now());
        return new TracedMessage(message, traces.current());
    }

    private static @Nullable String ownKey(ObjectNode body) {
        var key = body.remove(KEY);
        if (key == null || key.isNull()) {
            return null;
        }
        if (!key.isTextual()) {
            throw malformed("/" + KEY, "must be a string");
        }
        return key.textValue();
    }

    private static ProblemException malformed(String pointer, String detail) {
        return new ProblemException(
                Problem.malformed("invalid-field", "A field has the wrong type", new FieldError(pointer, detail)));
    }
}
