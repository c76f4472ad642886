package dev.carillon.delivery.channel.webhook;

import dev.carillon.delivery.channel.Content;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What is posted: JSON as it was given; or, of a message written for people, its fields as the HTTP interface names them. */
final class WebhookBody {

    private WebhookBody() {}

    static byte[] of(Content content) {
        String json =
                switch (content) {
                    case Content.Json(String given) -> given;
                    case Content.Message message -> fields(message).encode();
                };
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static JsonObject fields(Content.Message message) {
        JsonObject fields = new JsonObject();
        put(fields, "subject", message.subject());
        put(fields, "text", message.text());
        put(fields, "html", message.html());
        put(fields, "markdown", message.markdown());
        if (!message.attachments().isEmpty()) {
            JsonArray attachments = new JsonArray();
            message.attachments().forEach(file -> attachments.add(attachment(file)));
            fields.put("attachments", attachments);
        }
        return fields;
    }

    private static JsonObject attachment(Content.Attachment file) {
        return new JsonObject()
                .put("name", file.name())
                .put("contentType", file.contentType())
                .put("base64", Base64.getEncoder().encodeToString(file.bytes()));
    }

    private static void put(JsonObject fields, String name, @Nullable String value) {
        if (value != null) {
            fields.put(name, value);
        }
    }
}
