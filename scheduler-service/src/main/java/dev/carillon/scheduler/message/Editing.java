package dev.carillon.scheduler.message;

/** What a wish to change a message comes to, by where the message stands. */
public sealed interface Editing {
    /** Nobody else has it: changed now. */
    record Edited(Message message) implements Editing {}

    /** Delivery has it: it is called back, and changed when delivery gives it up. */
    record Recalled(Message message) implements Editing {}

    /** It is being called back for another wish. */
    record RecallPending() implements Editing {}

    /** An attempt has begun, or it has ended. */
    record TooLate() implements Editing {}

    static Editing of(Message message, Terms wanted) {
        return switch (message.status()) {
            case SCHEDULED -> new Edited(message.edited(wanted));
            case STAGED -> new Recalled(message.recalledFor(wanted));
            case HELD -> message.progress().attempts() == 0 ? new Recalled(message.recalledFor(wanted)) : new TooLate();
            case RECALLING -> new RecallPending();
            case DELIVERING, DELIVERED, FAILED, EXPIRED, CANCELLED -> new TooLate();
        };
    }

    /**
     * Whether the change that {@code recalling} waits for was made, now that delivery has answered: whatever has come of the message since, a cancel
     * among it.
     */
    static boolean wasMade(Message recalling, Message now) {
        return now.status() == Status.SCHEDULED
                || now.generation() > recalling.generation()
                || now.terms().equals(recalling.edit());
    }
}
