package dev.carillon.scheduler.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is said. */
public sealed interface Content {
    /**
     * For people.
     *
     * @param markdown Telegram's MarkdownV2, for Telegram alone; never beside html, and sent instead of text
     * @param from the tenant's default sender when null
     */
    record Text(
            @Nullable String subject,
            @Nullable String text,
            @Nullable String html,
            @Nullable String markdown,
            @Nullable String from,
            @Nullable String replyTo,
            List<Attachment> attachments)
            implements Content {

        /** Words without markup, from the tenant's default sender. */
        public static Text plain(@Nullable String subject, String text, List<Attachment> attachments) {
            return new Text(subject, text, null, null, null, null, attachments);
        }
    }

    /**
     * For people, made of a template.
     *
     * @param text as it came out
     * @param template the template's name
     * @param version of the template that it was made of
     * @param latest whether the latest version was meant; what a recurring schedule has is then made anew for each occurrence
     * @param data JSON
     */
    record OfTemplate(Text text, String template, int version, boolean latest, String data) implements Content {
        /** By the version that it was made of, whatever the latest is. */
        public OfTemplate pinned() {
            return new OfTemplate(text, template, version, false, data);
        }
    }

    /** For machines: the body of a webhook, JSON. */
    record Json(String json) implements Content {}

    record Attachment(String name, String contentType, String base64) {}
}
