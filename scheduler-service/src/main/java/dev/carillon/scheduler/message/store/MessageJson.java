package dev.carillon.scheduler.message.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.scheduler.message.Content;
import dev.carillon.scheduler.message.Recipient;
import dev.carillon.scheduler.message.Source;
import dev.carillon.scheduler.message.Terms;
import dev.carillon.scheduler.message.Timing;
import dev.carillon.scheduler.template.Datum;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Recipients and contents as JSON: one shape for rows, events and views, the one of the HTTP contract. */
@ApplicationScoped
@RegisterForReflection(targets = {Content.Text.class, Content.Attachment.class, Source.class})
public class MessageJson {
    private static final TypeReference<List<Content.Attachment>> ATTACHMENTS = new TypeReference<>() {};
    private static final TypeReference<Map<String, String>> METADATA = new TypeReference<>() {};

    private final ObjectMapper json;

    public MessageJson(ObjectMapper json) {
        this.json = json;
    }

    public ObjectNode recipient(Recipient to) {
        var node = json.createObjectNode().put("channel", to.channel());
        return switch (to) {
            case Recipient.Email(String address) -> node.put("address", address);
            case Recipient.Telegram(String chatId) -> node.put("chatId", chatId);
            case Recipient.Webhook(URI url) -> node.put("url", url.toString());
            case Recipient.Endpoint(UUID id) -> node.put("endpointId", id.toString());
        };
    }

    public ObjectNode content(Content content) {
        return switch (content) {
            case Content.Text text -> json.valueToTree(text);
            case Content.OfTemplate of -> json.valueToTree(of.text());
            case Content.Json(String body) -> json.createObjectNode().set("json", tree(body));
        };
    }

    /** Which template it was made of: {@code name}, {@code version} and {@code data}; null when it was not. */
    public @Nullable ObjectNode template(Content content) {
        return content instanceof Content.OfTemplate of
                ? json.createObjectNode()
                        .put("name", of.template())
                        .put("version", of.version())
                        .set("data", tree(of.data()))
                : null;
    }

    /** As its client asks for it: what a template made is named by the template and its data. */
    public ObjectNode asked(Content content) {
        var asked = content instanceof Content.OfTemplate of
                ? besideWords(of.text())
                        .put("template", of.latest() ? of.template() : of.template() + "@" + of.version())
                        .<ObjectNode>set("data", tree(of.data()))
                : content(content);
        // Other channels than e-mail do not take even a list of none.
        if (asked.path("attachments").isEmpty()) {
            asked.remove("attachments");
        }
        return asked;
    }

    /**
     * What a merge patch is applied to. One that says another template or other data changes what was asked for; one that says other words changes
     * the words, which then are nobody's but their client's.
     */
    public ObjectNode patchable(Content content, JsonNode patch) {
        boolean ofTemplate = patch.has("template") || patch.has("data");
        return switch (content) {
            case Content.OfTemplate of -> ofTemplate || patch.isEmpty() ? asked(of) : asked(of.text());
            case Content.Text text -> ofTemplate ? besideWords(text) : asked(text);
            case Content.Json body -> content(body);
        };
    }

    private ObjectNode besideWords(Content.Text text) {
        return json.<ObjectNode>valueToTree(text).retain("from", "replyTo", "attachments");
    }

    /** Everything there is of it, for rows. */
    public ObjectNode stored(Content content) {
        var stored = content(content);
        var template = template(content);
        if (template != null && content instanceof Content.OfTemplate of) {
            stored.set("template", template.put("latest", of.latest()));
        }
        return stored;
    }

    ObjectNode terms(Terms terms) {
        var timing = terms.timing();
        return json.createObjectNode()
                .put("dueAt", timing.dueAt().toString())
                .put("local", timing.local().toString())
                .put("zone", timing.zone().getId())
                .put("tzdbVersion", timing.tzdbVersion())
                .put(
                        "expiresAt",
                        terms.expiresAt() == null ? null : terms.expiresAt().toString())
                .<ObjectNode>set("content", stored(terms.content()))
                .set("metadata", json.valueToTree(terms.metadata()));
    }

    Terms readTerms(String text) {
        var node = tree(text);
        var expiresAt = string(node, "expiresAt");
        return new Terms(
                readContent(node.path("content").toString()),
                new Timing(
                        Instant.parse(node.path("dueAt").asText()),
                        LocalDateTime.parse(node.path("local").asText()),
                        ZoneId.of(node.path("zone").asText()),
                        node.path("tzdbVersion").asText()),
                expiresAt == null ? null : Instant.parse(expiresAt),
                readMetadata(node.path("metadata").toString()));
    }

    /** What the placeholders of a template are filled with; null is nothing. */
    public static Datum.Fields data(JsonNode object) {
        var named = new HashMap<String, Datum>();
        object.properties().forEach(field -> {
            var value = field.getValue();
            if (!value.isNull()) {
                named.put(field.getKey(), datum(value));
            }
        });
        return new Datum.Fields(named);
    }

    private static Datum datum(JsonNode value) {
        if (value.isObject()) {
            return data(value);
        }
        return value.isArray() ? new Datum.Items() : new Datum.Value(value.asText());
    }

    /** What a content that was made of a template is to be filled with. */
    public Datum.Fields data(Content.OfTemplate of) {
        return data(tree(of.data()));
    }

    public String text(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public Recipient readRecipient(String text) {
        var node = tree(text);
        return switch (node.path("channel").asText()) {
            case "email" -> new Recipient.Email(node.path("address").asText());
            case "telegram" -> new Recipient.Telegram(node.path("chatId").asText());
            case "webhook" ->
                node.hasNonNull("endpointId")
                        ? new Recipient.Endpoint(
                                UUID.fromString(node.path("endpointId").asText()))
                        : new Recipient.Webhook(URI.create(node.path("url").asText()));
            default -> throw new IllegalStateException("A row has the recipient " + text);
        };
    }

    public Content readContent(String text) {
        var node = tree(text);
        if (node.has("json")) {
            return new Content.Json(node.get("json").toString());
        }
        var words = new Content.Text(
                string(node, "subject"),
                string(node, "text"),
                string(node, "html"),
                string(node, "markdown"),
                string(node, "from"),
                string(node, "replyTo"),
                node.has("attachments") ? json.convertValue(node.get("attachments"), ATTACHMENTS) : List.of());
        var template = node.path("template");
        return template.isObject()
                ? new Content.OfTemplate(
                        words,
                        template.path("name").asText(),
                        template.path("version").asInt(),
                        template.path("latest").asBoolean(),
                        template.path("data").toString())
                : words;
    }

    public Map<String, String> readMetadata(String text) {
        return json.convertValue(tree(text), METADATA);
    }

    private static @Nullable String string(JsonNode node, String field) {
        return node.hasNonNull(field) ? node.get(field).asText() : null;
    }

    private JsonNode tree(String text) {
        try {
            return json.readTree(text);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("A row has unreadable JSON", impossible);
        }
    }
}
