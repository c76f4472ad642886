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
 * @param edit what it is being recalled for, if not to be cancelled
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
        Terms terms,
        @Nullable String orderingKey,
        @Nullable Recipient onFailure,
        Source source,
        Instant createdAt,
        @Nullable Instant stagedAt,
        @Nullable Terms edit,
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
                new Terms(content, timing, expiresAt, metadata),
                orderingKey,
                onFailure,
                source,
                createdAt,
                null,
                null,
                false,
                Progress.NONE);
    }

    public Content content() {
        return terms.content();
    }

    public Timing timing() {
        return terms.timing();
    }

    public @Nullable Instant expiresAt() {
        return terms.expiresAt();
    }

    public Map<String, String> metadata() {
        return terms.metadata();
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
                terms,
                orderingKey,
                onFailure,
                source,
                createdAt,
                now,
                null,
                unwanted,
                Progress.NONE);
    }

    /** Changed by its client while nobody else had it. */
    Message edited(Terms wanted) {
        return with(Status.SCHEDULED, revision + 1, version + 1, wanted, null, unwanted, progress);
    }

    /** Called back by its client, who wants it otherwise. */
    Message recalledFor(Terms wanted) {
        return with(Status.RECALLING, revision + 1, version + 1, terms, wanted, unwanted, progress);
    }

    /** Given up by delivery for its client's change: scheduled as if it had never been handed over. */
    Message givenUpFor(Terms wanted, long deliveryVersion) {
        return with(Status.SCHEDULED, revision, version + 1, wanted, null, unwanted, Progress.seen(deliveryVersion));
    }

    /** Its client wants it cancelled rather than changed; the same recall decides. */
    Message recalledToEnd() {
        return with(Status.RECALLING, revision + 1, version + 1, terms, null, unwanted, progress);
    }

    /** Changed by its client to {@code next}. */
    Message changedByClient(Status next, Progress after) {
        return with(next, revision + 1, version + 1, terms, null, unwanted, after);
    }

    /** Changed by what delivery reports. */
    Message changedByDelivery(Status next, Progress after) {
        return with(next, revision, version + 1, terms, next == Status.RECALLING ? edit : null, unwanted, after);
    }

    /** What it exists for is gone. Nobody is told of that but by what comes of it, so that the version stays. */
    public Message withdrawn() {
        return with(status, revision, version, terms, edit, true, progress);
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

    private Message with(
            Status next,
            int nextRevision,
            long nextVersion,
            Terms nextTerms,
            @Nullable Terms nextEdit,
            boolean unwantedFromNow,
            Progress after) {
        return new Message(
                id,
                tenant,
                next,
                nextRevision,
                nextVersion,
                generation,
                to,
                nextTerms,
                orderingKey,
                onFailure,
                source,
                createdAt,
                next == Status.SCHEDULED ? null : stagedAt,
                nextEdit,
                unwantedFromNow,
                after);
    }

    /** What the order of its events is kept by: the tenant's ordering key, or the message itself. */
    public String stagingKey() {
        return orderingKey == null ? id.toString() : tenant + "/" + orderingKey;
    }
}
