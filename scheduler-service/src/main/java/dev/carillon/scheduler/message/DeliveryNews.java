package dev.carillon.scheduler.message;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What delivery reports about one generation of a message: the delivery's full state at {@code version}.
 *
 * @param at when it happened
 */
public record DeliveryNews(
        UUID messageId,
        int generation,
        long version,
        Kind kind,
        UUID deliveryId,
        Instant at,
        int attempts,
        boolean possiblyDelivered,
        @Nullable Instant firedAt,
        @Nullable Instant nextAttemptAt,
        @Nullable String error) {

    /** The kinds of report, by the last part of the event's type. */
    public enum Kind {
        ACCEPTED,
        RETRY_SCHEDULED,
        HELD,
        DELIVERED,
        DEAD_LETTERED,
        EXPIRED,
        RECALLED,
        RECALL_REFUSED,
        REDRIVEN
    }

    /** The message as these news leave it; the same object when they are of a former generation or older than what is known. */
    public Message applyTo(Message message) {
        boolean stale = generation < message.generation()
                || version <= message.progress().deliveryVersion();
        // A scheduled message has no delivery; what is told now is of one that was given up.
        if (stale || message.status() == Status.CANCELLED || message.status() == Status.SCHEDULED) {
            return message;
        }
        var edit = message.edit();
        if (kind == Kind.RECALLED && edit != null) {
            return message.givenUpFor(edit, version);
        }
        var next = next(message.status());
        return message.changedByDelivery(next, progress(message.progress(), next));
    }

    private Status next(Status now) {
        boolean recalling = now == Status.RECALLING;
        return switch (kind) {
            case ACCEPTED -> now;
            case RETRY_SCHEDULED -> recalling ? now : Status.DELIVERING;
            case HELD -> recalling ? now : Status.HELD;
            case DELIVERED -> Status.DELIVERED;
            case DEAD_LETTERED -> Status.FAILED;
            case EXPIRED -> Status.EXPIRED;
            // Not only while it is recalling: the refusal of an earlier recall, read after a later one was asked for,
            // has made it delivering again.
            case RECALLED -> recalling || now == Status.DELIVERING || now == Status.HELD ? Status.CANCELLED : now;
            case RECALL_REFUSED -> recalling ? Status.DELIVERING : now;
            case REDRIVEN -> recalling ? now : Status.DELIVERING;
        };
    }

    private Progress progress(Progress before, Status next) {
        return new Progress(
                version,
                deliveryId,
                before.acceptedAt() == null ? at : before.acceptedAt(),
                attempts,
                possiblyDelivered,
                firedAt,
                nextAttemptAt,
                kind == Kind.DELIVERED ? at : before.deliveredAt(),
                next.isEnd() ? firstEnd(before) : null,
                error);
    }

    private Instant firstEnd(Progress before) {
        return before.endedAt() == null ? at : before.endedAt();
    }
}
