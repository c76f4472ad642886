package dev.carillon.scheduler.message;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message.
 *
 * @param revision counts the client's own changes, from 1
 * @param version counts every change, from 1
 * @param generation counts the times that its current content and instant were handed over anew; 0 before the first
 */
public record Message(
        UUID id,
        String tenant,
        Status status,
        int revision,
        long version,
        int generation,
        Recipient to,
        Content content,
        Timing timing,
        @Nullable Instant expiresAt,
        @Nullable String orderingKey,
        @Nullable Recipient onFailure,
        Map<String, String> metadata,
        Source source,
        Instant createdAt,
        @Nullable Instant stagedAt,
        Progress progress) {

    /** A new message, not handed over yet. */
    public static Message scheduled(
            UUID id,
            String tenant,
            Recipient to,
            Content content,
            Timing timing,
            @Nullable Instant expiresAt,
            @Nullable String orderingKey,
            @Nullable Recipient onFailure,
            Map<String, String> metadata,
            Source source,
            Instant createdAt) {
        return new Message(
                id,
                tenant,
                Status.SCHEDULED,
                1,
                1,
                0,
                to,
                content,
                timing,
                expiresAt,
                orderingKey,
                onFailure,
                metadata,
                source,
                createdAt,
                null,
                Progress.NONE);
    }

    /** Handed over to delivery, as the next generation. */
    public Message staged(Instant now) {
        return new Message(
                id,
                tenant,
                Status.STAGED,
                revision,
                version + 1,
                generation + 1,
                to,
                content,
                timing,
                expiresAt,
                orderingKey,
                onFailure,
                metadata,
                source,
                createdAt,
                now,
                progress);
    }

    /** Changed by its client to {@code next}. */
    Message changedByClient(Status next, Progress after) {
        return with(next, revision + 1, after);
    }

    /** Changed by what delivery reports. */
    Message changedByDelivery(Status next, Progress after) {
        return with(next, revision, after);
    }

    private Message with(Status next, int nextRevision, Progress after) {
        return new Message(
                id,
                tenant,
                next,
                nextRevision,
                version + 1,
                generation,
                to,
                content,
                timing,
                expiresAt,
                orderingKey,
                onFailure,
                metadata,
                source,
                createdAt,
                stagedAt,
                after);
    }

    /** What the order of its events is kept by: the tenant's ordering key, or the message itself. */
    public String stagingKey() {
        return orderingKey == null ? id.toString() : tenant + "/" + orderingKey;
    }
}
