package dev.carillon.delivery.channel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a message says. */
public sealed interface Content {

    /**
     * Something to be read by a person.
     *
     * @param subject the subject of an e-mail; line breaks in it become spaces
     * @param text plain text; with {@code html} too, its alternative
     * @param html HTML; for Telegram the few tags that Telegram knows
     * @param markdown Telegram's MarkdownV2, which Telegram gets before all others; an e-mail has no place for it
     * @param from the sender of an e-mail, {@code a@b} or {@code Name <a@b>}; without it the configured one
     * @param replyTo where an e-mail's answers go, in the same form
     */
    record Message(
            @Nullable String subject,
            @Nullable String text,
            @Nullable String html,
            @Nullable String markdown,
            List<Attachment> attachments,
            @Nullable String from,
            @Nullable String replyTo)
            implements Content {

        public Message {
            attachments = List.copyOf(attachments);
        }

        public static Message text(String text) {
            return new Message(null, text, null, null, List.of(), null, null);
        }
    }

    /** Something to be read by a program: JSON text, sent byte for byte as it stands here. */
    record Json(String json) implements Content {}

    /**
     * A file that goes with an e-mail.
     *
     * @param bytes not copied: whoever makes an attachment leaves its bytes alone from then on
     */
    @SuppressWarnings(
            "ArrayRecordComponent") // a carrier that nobody compares; a copy of every file would double memory
    record Attachment(String name, String contentType, byte[] bytes) {}
}
