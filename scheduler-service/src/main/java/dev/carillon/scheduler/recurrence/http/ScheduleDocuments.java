package dev.carillon.scheduler.recurrence.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.kit.json.MergePatch;
import dev.carillon.kit.problem.JsonSize;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.problem.UnreadableBody;
import dev.carillon.scheduler.message.Content;
import dev.carillon.scheduler.message.MessageDraft;
import dev.carillon.scheduler.message.store.MessageJson;
import dev.carillon.scheduler.recurrence.Definition;
import dev.carillon.scheduler.recurrence.Misfire;
import dev.carillon.scheduler.recurrence.Occurrence;
import dev.carillon.scheduler.recurrence.Occurrences;
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
        var message = message(traced.schedule().definition().message(), MissingNode.getInstance());
        return switch (rules.reread(traced.schedule())) {
            case ReadRules.Reread.Understood(Occurrences occurrences) ->
                ScheduleView.of(
                        traced,
                        message,
                        occurrences.next(now).map(Occurrence::at).orElse(null),
                        null);
            case ReadRules.Reread.NotAnyMore(String why) -> ScheduleView.of(traced, message, null, why);
        };
    }

    /**
     * What is asked of a schedule.
     *
     * @param kept the message's content, if it is to be what it was; null if it is the request's
     */
    record Asked(ScheduleRequest request, @Nullable Content kept) {
        static Asked of(ScheduleRequest request) {
            return new Asked(request, null);
        }
    }

    /**
     * The request that would define the schedule as the patch leaves it.
     *
     * @throws ProblemException 400 when the patch has another shape than a request, 413 when the schedule would grow beyond one
     */
    Asked patched(Definition definition, ObjectNode patch) {
        request(patch);
        var message = patch.path("message");
        var merged = (ObjectNode) MergePatch.apply(document(definition, message.path("content")), patch);
        JsonSize.admit(merged, json);
        // Content that the patch leaves alone is as good as it was, whatever has become of the template that it was
        // made of.
        boolean kept = !message.has("content")
                && !message.has("to")
                && merged.path("message").has("content");
        return new Asked(request(merged), kept ? definition.message().content() : null);
    }

    private ScheduleRequest request(ObjectNode document) {
        try {
            return json.treeToValue(document, ScheduleRequest.class);
        } catch (JsonProcessingException unreadable) {
            throw new ProblemException(UnreadableBody.problem(unreadable));
        }
    }

    private ObjectNode document(Definition definition, JsonNode contentPatch) {
        var document = json.createObjectNode()
                .put(
                        definition.rule() instanceof Rule.Cron ? "cron" : "rrule",
                        definition.rule().text())
                .put("zone", definition.zonePolicy().zone().getId())
                .put("gap", definition.zonePolicy().gap().wireName())
                .put("overlap", definition.zonePolicy().overlap().wireName())
                .put("startAt", start(definition))
                .put("misfire", definition.misfire().wireName());
        put(document, "endAt", definition.endAt());
        put(document, "misfireWindow", window(definition.misfire()));
        put(document, "expiresAfter", definition.expiresAfter());
        if (definition.count() != null) {
            document.put("count", definition.count());
        }
        return document.set("message", message(definition.message(), contentPatch));
    }

    /** As a local time, which stays when the zone is changed, unless that would mean the first time that it comes. */
    private static String start(Definition definition) {
        return definition.startSecond()
                ? definition.startAt().toString()
                : definition.start().toString();
    }

    static @Nullable Duration window(Misfire misfire) {
        return misfire instanceof Misfire.CatchUp(Duration window) ? window : null;
    }

    private static void put(ObjectNode document, String name, @Nullable Object value) {
        if (value != null) {
            document.put(name, value.toString());
        }
    }

    private ObjectNode message(MessageDraft message, JsonNode contentPatch) {
        var document = json.createObjectNode().<ObjectNode>set("to", messages.recipient(message.to()));
        document.set("content", messages.patchable(message.content(), contentPatch));
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
}
