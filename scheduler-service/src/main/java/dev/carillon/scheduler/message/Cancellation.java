package dev.carillon.scheduler.message;

import java.time.Instant;

/** What a wish to cancel comes to, by where the message stands. */
public sealed interface Cancellation {
    /** Nobody else has it: cancelled now. */
    record Cancelled(Message message) implements Cancellation {}

    /** Delivery has it: it is called back, and delivery's answer decides. */
    record Recalled(Message message) implements Cancellation {}

    /** It is being called back to be changed: cancelled instead, and the same answer decides. */
    record Overtaken(Message message) implements Cancellation {}

    /** It is being called back already: the same answer decides. */
    record Pending() implements Cancellation {}

    /** It was cancelled before: the same answer again. */
    record Repeated(Message message) implements Cancellation {}

    /** It has ended otherwise. */
    record TooLate(Message message) implements Cancellation {}

    static Cancellation of(Message message, Instant now) {
        return switch (message.status()) {
            case SCHEDULED ->
                new Cancelled(message.changedByClient(
                        Status.CANCELLED, message.progress().ended(now)));
            case STAGED, DELIVERING, HELD ->
                new Recalled(message.changedByClient(Status.RECALLING, message.progress()));
            case RECALLING -> message.edit() == null ? new Pending() : new Overtaken(message.recalledToEnd());
            case CANCELLED -> new Repeated(message);
            case DELIVERED, FAILED, EXPIRED -> new TooLate(message);
        };
    }
}
