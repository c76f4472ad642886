package dev.carillon.scheduler.message;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A message that has everything but its instant: what recurring schedules make messages of. */
public record MessageDraft(
        Recipient to,
        Content content,
        @Nullable String orderingKey,
        @Nullable Recipient onFailure,
        Map<String, String> metadata) {

    public static MessageDraft of(Message message) {
        return new MessageDraft(
                message.to(), message.content(), message.orderingKey(), message.onFailure(), message.metadata());
    }

    /** The same with other content. */
    public MessageDraft with(Content other) {
        return new MessageDraft(to, other, orderingKey, onFailure, metadata);
    }

    /** A new message of this, not handed over yet. */
    public Message at(
            UUID id, String tenant, Timing timing, @Nullable Instant expiresAt, Source source, Instant createdAt) {
        return Message.scheduled(
                id, tenant, to, content, timing, expiresAt, orderingKey, onFailure, metadata, source, createdAt);
    }
}
