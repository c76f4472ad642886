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
 * @param unwanted whether what it exists for is gone: a recall that comes to nothing is then wished for again, see {@link #isToBeRecalledAgain}
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
        boolean unwanted,
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
                false,
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
                unwanted,
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

    /** What it exists for is gone. Nobody is told of that but by what comes of it, so that the version stays. */
    public Message withdrawn() {
        return with(status, revision, version, true, progress);
    }

    /** Whether a recall that was refused for an open attempt is now worth another try: the attempt is over, and no other one has begun. */
    public boolean isToBeRecalledAgain() {
        return unwanted
                && switch (status) {
                    case HELD -> true;
                    case DELIVERING -> progress.nextAttemptAt() != null;
                    case SCHEDULED, STAGED, RECALLING, DELIVERED, FAILED, EXPIRED, CANCELLED -> false;
                };
    }

    private Message with(Status next, int nextRevision, Progress after) {
        return with(next, nextRevision, version + 1, unwanted, after);
    }

    private Message with(Status next, int nextRevision, long nextVersion, boolean unwantedFromNow, Progress after) {
        return new Message(
                id,
                tenant,
                next,
                nextRevision,
                nextVersion,
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
                unwantedFromNow,
                after);
    }

    /** What the order of its events is kept by: the tenant's ordering key, or the message itself. */
    public String stagingKey() {
        return orderingKey == null ? id.toString() : tenant + "/" + orderingKey;
    }
}
