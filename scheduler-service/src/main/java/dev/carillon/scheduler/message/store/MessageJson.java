package dev.carillon.scheduler.message.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.scheduler.message.Content;
import dev.carillon.scheduler.message.Recipient;
import dev.carillon.scheduler.message.Terms;
import dev.carillon.scheduler.message.Timing;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Recipients and contents as JSON: one shape for rows, events and views, the one of the HTTP contract. */
@ApplicationScoped
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
        };
    }

    public ObjectNode content(Content content) {
        return switch (content) {
            case Content.Text text -> json.valueToTree(text);
            case Content.Json(String body) -> json.createObjectNode().set("json", tree(body));
        };
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
                .<ObjectNode>set("content", content(terms.content()))
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
            case "webhook" -> new Recipient.Webhook(URI.create(node.path("url").asText()));
            default -> throw new IllegalStateException("A row has the recipient " + text);
        };
    }

    public Content readContent(String text) {
        var node = tree(text);
        return node.has("json")
                ? new Content.Json(node.get("json").toString())
                : new Content.Text(
                        string(node, "subject"),
                        string(node, "text"),
                        string(node, "html"),
                        string(node, "from"),
                        string(node, "replyTo"),
                        node.has("attachments") ? json.convertValue(node.get("attachments"), ATTACHMENTS) : List.of());
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
