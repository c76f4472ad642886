package dev.carillon.scheduler.message.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.kit.json.MergePatch;
import dev.carillon.kit.problem.Faults;
import dev.carillon.kit.problem.JsonSize;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.problem.UnreadableBody;
import dev.carillon.scheduler.message.Content;
import dev.carillon.scheduler.message.Message;
import dev.carillon.scheduler.message.Terms;
import dev.carillon.scheduler.message.store.MessageJson;
import dev.carillon.scheduler.message.usecase.EditMessage.Wish;
import dev.carillon.scheduler.template.FoundTemplates;
import dev.carillon.scheduler.template.TemplateRef;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads {@code PATCH /v1/messages/{id}}: a merge patch of what a client sees of a message. */
@ApplicationScoped
class MessageEdits {
    private static final List<String> FIXED = List.of("to", "orderingKey", "onFailure");

    private final ObjectMapper json;
    private final MessageJson messages;
    private final Tenants tenants;

    MessageEdits(ObjectMapper json, MessageJson messages, Tenants tenants) {
        this.json = json;
        this.messages = messages;
        this.tenants = tenants;
    }

    /**
     * What a patch makes of a message.
     *
     * @param now the moment that it was said
     * @throws ProblemException 400 or 422 with what is wrong with the patch, whatever the message
     */
    Wish read(ObjectNode patch, String tenant, Supplier<Instant> now) {
        var faults = new Faults();
        FIXED.stream()
                .filter(patch::has)
                .forEach(
                        field -> faults.add("/" + field, "cannot be changed: cancel the message and schedule another"));
        if (patch.has("schedule") && patch.get("schedule").isNull()) {
            faults.add("/schedule", "cannot be taken away");
        }
        if (patch.has("content") && patch.get("content").isNull()) {
            faults.add("/content", "cannot be taken away");
        }
        if (!faults.none()) {
            throw faults.asProblem();
        }
        request(patch);
        return new Wish() {
            @Override
            public Optional<TemplateRef> template(Message message) {
                return patch.has("content")
                        ? NamedTemplates.named(request(patched(message, patch)).content())
                        : Optional.empty();
            }

            @Override
            public Terms applied(Message message, FoundTemplates templates) {
                var wanted = patched(message, patch);
                JsonSize.admit(wanted, json);
                if (!patch.has("content")) {
                    wanted.remove("content");
                }
                var own = tenants.own(tenant, templates);
                return MessageReading.edit(request(wanted), message, own, now.get());
            }
        };
    }

    private ObjectNode patched(Message message, ObjectNode patch) {
        return (ObjectNode) MergePatch.apply(patchable(message, patch), patch);
    }

    private ScheduleMessageRequest request(ObjectNode document) {
        try {
            return json.treeToValue(document, ScheduleMessageRequest.class);
        } catch (JsonProcessingException unreadable) {
            throw new ProblemException(UnreadableBody.problem(unreadable));
        }
    }

    private ObjectNode patchable(Message message, ObjectNode patch) {
        var document = json.createObjectNode();
        var expiresAt = message.expiresAt();
        if (expiresAt != null) {
            document.put("expiresAt", expiresAt.toString());
        }
        // What was made of a version stays of that one until another is named.
        var content = message.content() instanceof Content.OfTemplate of ? of.pinned() : message.content();
        return document.<ObjectNode>set("content", messages.patchable(content, patch.path("content")))
                .set("metadata", json.valueToTree(message.metadata()));
    }
}
