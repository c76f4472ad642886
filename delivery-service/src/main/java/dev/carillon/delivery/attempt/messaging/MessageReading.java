package dev.carillon.delivery.attempt.messaging;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.delivery.channel.Content;
import dev.carillon.delivery.channel.Destination;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads destinations and contents as staging events carry them and rows keep them. */
@ApplicationScoped
public class MessageReading {
    /** What delivery reads of a destination. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @RegisterForReflection
    record DestinationJson(
            String channel,
            @Nullable String address,
            @Nullable String chatId,
            @Nullable URI url,
            @Nullable UUID endpointId) {}

    /** What delivery reads of a content. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @RegisterForReflection
    record ContentJson(
            @Nullable String subject,
            @Nullable String text,
            @Nullable String html,
            @Nullable String markdown,
            @Nullable String from,
            @Nullable String replyTo,
            @Nullable List<AttachmentJson> attachments,
            @Nullable JsonNode json) {}

    /** What delivery reads of an attachment. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @RegisterForReflection
    record AttachmentJson(String name, String contentType, String base64) {}

    private final ObjectMapper json;

    public MessageReading(ObjectMapper json) {
        this.json = json;
    }

    /** @throws IllegalArgumentException when it is none that a channel reaches */
    public Destination destination(String text) {
        var read = read(text, DestinationJson.class);
        return switch (read.channel) {
            case Destination.EMAIL -> new Destination.Email(required(read.address, "address"));
            case Destination.TELEGRAM -> new Destination.Telegram(required(read.chatId, "chatId"));
            case Destination.WEBHOOK ->
                read.endpointId == null
                        ? new Destination.WebhookUrl(required(read.url, "url or endpointId"))
                        : new Destination.WebhookEndpoint(read.endpointId, null);
            case null, default -> throw new IllegalArgumentException("no channel has the name that is given");
        };
    }

    /** @throws IllegalArgumentException when it is none */
    public Content content(String text) {
        var read = read(text, ContentJson.class);
        return read.json != null
                ? new Content.Json(read.json.toString())
                : new Content.Message(
                        read.subject, read.text, read.html, read.markdown, attachments(read), read.from, read.replyTo);
    }

    private static List<Content.Attachment> attachments(ContentJson content) {
        var attachments = content.attachments == null ? List.<AttachmentJson>of() : content.attachments;
        return attachments.stream().map(MessageReading::attachment).toList();
    }

    private static Content.Attachment attachment(@Nullable AttachmentJson read) {
        if (read == null || read.name == null || read.base64 == null) {
            throw new IllegalArgumentException("an attachment has no name, or no base64");
        }
        return new Content.Attachment(
                read.name, read.contentType, Base64.getDecoder().decode(read.base64));
    }

    private <T> T read(String text, Class<T> type) {
        try {
            var read = json.readValue(text, type);
            if (read == null) {
                throw new IllegalArgumentException("null, and no " + type.getSimpleName());
            }
            return read;
        } catch (JsonProcessingException unreadable) {
            throw new IllegalArgumentException("not readable as " + type.getSimpleName(), unreadable);
        }
    }

    private static <T> T required(@Nullable T value, String name) {
        if (value == null) {
            throw new IllegalArgumentException("a destination has no " + name);
        }
        return value;
    }
}
