package dev.carillon.scheduler.recurrence.expansion;

/** What is wrong with a rule, in words for whoever wrote it. */
final class NotUnderstood extends Exception {
    private final boolean tooFrequent;

    NotUnderstood(String why) {
        this(why, false);
    }

    private NotUnderstood(String why, boolean tooFrequent) {
        super(why, null, false, false);
        this.tooFrequent = tooFrequent;
    }

    static NotUnderstood tooFrequent() {
        return new NotUnderstood("fires more often than once a minute", true);
    }

    boolean isTooFrequent() {
        return tooFrequent;
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
