package dev.carillon.scheduler.recurrence.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.kit.json.MergePatch;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.problem.UnreadableBody;
import dev.carillon.scheduler.message.MessageDraft;
import dev.carillon.scheduler.message.store.MessageJson;
import dev.carillon.scheduler.recurrence.Definition;
import dev.carillon.scheduler.recurrence.Misfire;
import dev.carillon.scheduler.recurrence.Rule;
import dev.carillon.scheduler.recurrence.store.TracedSchedule;
import dev.carillon.scheduler.recurrence.usecase.ReadRules;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Schedules as JSON documents: what is shown, and what a merge patch is applied to. */
@ApplicationScoped
class ScheduleDocuments {
    private final ObjectMapper json;
    private final MessageJson messages;
    private final ReadRules rules;

    ScheduleDocuments(ObjectMapper json, MessageJson messages, ReadRules rules) {
        this.json = json;
        this.messages = messages;
        this.rules = rules;
    }

    ScheduleView view(TracedSchedule traced, Instant now) {
        var next = rules.occurrences(traced.schedule()).next(now);
        return ScheduleView.of(
                traced,
                message(traced.schedule().definition().message()),
                next.map(one -> one.at()).orElse(null));
    }

    /**
     * The request that would define the schedule as the patch leaves it.
     *
     * @throws ProblemException 400 when the patch has another shape than a request
     */
    ScheduleRequest patched(Definition definition, ObjectNode patch) {
        request(patch);
        return request((ObjectNode) MergePatch.apply(document(definition), patch));
    }

    private ScheduleRequest request(ObjectNode document) {
        try {
            return json.treeToValue(document, ScheduleRequest.class);
        } catch (JsonProcessingException unreadable) {
            throw new ProblemException(UnreadableBody.problem(unreadable));
        }
    }

    private ObjectNode document(Definition definition) {
        var document = json.createObjectNode()
                .put(
                        definition.rule() instanceof Rule.Cron ? "cron" : "rrule",
                        definition.rule().text())
                .put("zone", definition.zonePolicy().zone().getId())
                .put("gap", definition.zonePolicy().gap().wireName())
                .put("overlap", definition.zonePolicy().overlap().wireName())
                .put("startAt", definition.start().toString())
                .put("misfire", definition.misfire().wireName());
        put(document, "endAt", definition.endAt());
        put(document, "misfireWindow", window(definition.misfire()));
        put(document, "expiresAfter", definition.expiresAfter());
        if (definition.count() != null) {
            document.put("count", definition.count());
        }
        return document.set("message", message(definition.message()));
    }

    static @Nullable Duration window(Misfire misfire) {
        return misfire instanceof Misfire.CatchUp(Duration window) ? window : null;
    }

    private static void put(ObjectNode document, String name, @Nullable Object value) {
        if (value != null) {
            document.put(name, value.toString());
        }
    }

    private ObjectNode message(MessageDraft message) {
        var document = json.createObjectNode().<ObjectNode>set("to", messages.recipient(message.to()));
        document.set("content", content(message));
        put(document, "orderingKey", message.orderingKey());
        var onFailure = message.onFailure();
        if (onFailure != null) {
            document.set("onFailure", messages.recipient(onFailure));
        }
        if (!message.metadata().isEmpty()) {
            document.set("metadata", json.valueToTree(message.metadata()));
        }
        return document;
    }

    /** Without the list of no attachments, which other channels than e-mail do not take. */
    private ObjectNode content(MessageDraft message) {
        var content = messages.content(message.content());
        if (content.path("attachments").isEmpty()) {
            content.remove("attachments");
        }
        return content;
    }
}
