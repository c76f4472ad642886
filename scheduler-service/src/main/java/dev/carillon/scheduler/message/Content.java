package dev.carillon.scheduler.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is said. */
public sealed interface Content {
    /**
     * For people.
     *
     * @param from the tenant's default sender when null
     */
    record Text(
            @Nullable String subject,
            @Nullable String text,
            @Nullable String html,
            @Nullable String from,
            @Nullable String replyTo,
            List<Attachment> attachments)
            implements Content {}

    /** For machines: the body of a webhook, JSON. */
    record Json(String json) implements Content {}

    record Attachment(String name, String contentType, String base64) {}
}
