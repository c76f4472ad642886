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
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.scheduler.message.Content;
import dev.carillon.scheduler.message.store.TracedMessage;
import dev.carillon.scheduler.message.usecase.ScheduleMessage;
import dev.carillon.scheduler.message.usecase.Staging;
import dev.carillon.scheduler.template.FoundTemplates;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the items of a batch, each by itself and as if it had come alone. */
@ApplicationScoped
class BatchItems {
    private static final String KEY = "idempotencyKey";
    // A batch of 4 MiB that says little and means much: its memory is bounded like that of one that says it.
    private static final long LARGEST_FILLED_IN = 4 << 20;

    private final ObjectMapper json;
    private final Tenants tenants;
    private final Caller caller;
    private final EventIds ids;
    private final Traces traces;
    private final IdempotencyHeader idempotency;
    private final Staging staging;

    BatchItems(
            ObjectMapper json,
            Tenants tenants,
            Caller caller,
            EventIds ids,
            Traces traces,
            IdempotencyHeader idempotency,
            Staging staging) {
        this.json = json;
        this.tenants = tenants;
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

    /** What an item is before the templates that it may name are known. */
    sealed interface Parsed {
        record Wellformed(ScheduleMessageRequest request, IdempotencyKeys.@Nullable Key key) implements Parsed {}

        record Malformed(Item.Refused refused) implements Parsed {}
    }

    /** Who sends a batch, and in which trace. */
    record Batch(String tenant, String caller, TraceContext trace, List<Parsed> items) {
        List<ScheduleMessageRequest> requests() {
            return items.stream()
                    .filter(Parsed.Wellformed.class::isInstance)
                    .map(item -> ((Parsed.Wellformed) item).request())
                    .toList();
        }

        boolean namesTemplates() {
            return requests().stream()
                    .anyMatch(request -> NamedTemplates.named(request.content()).isPresent());
        }
    }

    /** @param batchKey stands for the key of each item that has none of its own */
    Batch parse(List<@Nullable ObjectNode> items, @Nullable String batchKey) {
        var parsed = IntStream.range(0, items.size())
                .mapToObj(n -> parse(items.get(n), n, batchKey))
                .toList();
        return new Batch(caller.tenant(), caller.name(), traces.current(), parsed);
    }

    /** @param templates those that the items name */
    List<Item> read(Batch batch, FoundTemplates templates) {
        var own = tenants.own(batch.tenant, templates);
        var filledIn = new AtomicLong();
        return batch.items.stream()
                .map(item -> switch (item) {
                    case Parsed.Malformed(Item.Refused refused) -> refused;
                    case Parsed.Wellformed wellformed -> read(wellformed, batch, own, filledIn);
                })
                .toList();
    }

    private Item read(Parsed.Wellformed item, Batch batch, TenantsOwn own, AtomicLong filledIn) {
        try {
            var message = MessageReading.read(item.request, ids.next(), own, batch.caller, staging.now());
            if (filledIn.addAndGet(filledIn(message.content())) > LARGEST_FILLED_IN) {
                throw tooMuch();
            }
            return new Item.Readable(new ScheduleMessage.Request(new TracedMessage(message, batch.trace), item.key));
        } catch (ProblemException refusal) {
            return new Item.Refused(refusal.problem(), item.key);
        }
    }

    /** How many characters a template added to what the item itself has. */
    private static long filledIn(Content content) {
        if (!(content instanceof Content.OfTemplate of)) {
            return 0;
        }
        var words = of.text();
        return Stream.of(words.subject(), words.text(), words.html(), words.markdown())
                .filter(Objects::nonNull)
                .mapToLong(String::length)
                .sum();
    }

    private static ProblemException tooMuch() {
        return new ProblemException(Problem.of(
                413,
                "body-too-large",
                "What the batch comes to is too large",
                "Templates may add up to %d characters to a batch; send the rest in another"
                        .formatted(LARGEST_FILLED_IN)));
    }

    private Parsed parse(@Nullable ObjectNode item, int n, @Nullable String batchKey) {
        try {
            if (item == null) {
                throw malformed("", "must be an object");
            }
            JsonSize.admit(item, json);
            var body = item.deepCopy();
            var own = ownKey(body);
            var request = json.treeToValue(body, ScheduleMessageRequest.class);
            var key = own == null
                    ? idempotency.read(batchKey, caller.tenant(), "/v1/messages/batch/" + n, request)
                    : idempotency.read(own, caller.tenant(), "/v1/messages", request);
            return new Parsed.Wellformed(request, key);
        } catch (JsonProcessingException unreadable) {
            return new Parsed.Malformed(new Item.Refused(UnreadableBody.problem(unreadable), null));
        } catch (ProblemException refusal) {
            return new Parsed.Malformed(new Item.Refused(refusal.problem(), null));
        }
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
