package dev.carillon.scheduler.message.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.kit.json.MergePatch;
import dev.carillon.kit.problem.Faults;
import dev.carillon.kit.problem.JsonSize;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.problem.UnreadableBody;
import dev.carillon.scheduler.message.Message;
import dev.carillon.scheduler.message.Terms;
import dev.carillon.scheduler.message.store.MessageJson;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/** Reads {@code PATCH /v1/messages/{id}}: a merge patch of what a client sees of a message. */
@ApplicationScoped
class MessageEdits {
    private static final List<String> FIXED = List.of("to", "orderingKey", "onFailure");

    private final ObjectMapper json;
    private final MessageJson messages;

    MessageEdits(ObjectMapper json, MessageJson messages) {
        this.json = json;
        this.messages = messages;
    }

    /** What a patch makes of a message. */
    @FunctionalInterface
    interface Changes {
        /** @throws ProblemException 400 or 422 with what is wrong */
        Terms appliedTo(Message message, Senders senders, Instant now);
    }

    /** @throws ProblemException 400 or 422 with what is wrong with the patch, whatever the message */
    Changes read(ObjectNode patch) {
        var faults = new Faults();
        FIXED.stream()
                .filter(patch::has)
                .forEach(
                        field -> faults.add("/" + field, "cannot be changed: cancel the message and schedule another"));
        if (patch.has("schedule") && patch.get("schedule").isNull()) {
            faults.add("/schedule", "cannot be taken away");
        }
        if (!faults.none()) {
            throw faults.asProblem();
        }
        request(patch);
        return (message, senders, now) -> {
            var wanted = (ObjectNode) MergePatch.apply(patchable(message), patch);
            JsonSize.admit(wanted, json);
            return MessageReading.edit(request(wanted), message, senders, now);
        };
    }

    private ScheduleMessageRequest request(ObjectNode document) {
        try {
            return json.treeToValue(document, ScheduleMessageRequest.class);
        } catch (JsonProcessingException unreadable) {
            throw new ProblemException(UnreadableBody.problem(unreadable));
        }
    }

    private ObjectNode patchable(Message message) {
        var document = json.createObjectNode();
        var expiresAt = message.expiresAt();
        if (expiresAt != null) {
            document.put("expiresAt", expiresAt.toString());
        }
        return document.<ObjectNode>set("content", messages.content(message.content()))
                .set("metadata", json.valueToTree(message.metadata()));
    }
}
