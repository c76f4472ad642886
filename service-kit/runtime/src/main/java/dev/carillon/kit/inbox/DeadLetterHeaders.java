package dev.carillon.kit.inbox;

/**
 * The headers of a dead letter, beside those that the record had. They are replaced, not appended, so that a record that comes round again does not
 * grow. Position, key, group, reason and error are of its latest failure; the attempts count on, and the first failure stays, for as long as it fails
 * in the same group.
 */
public final class DeadLetterHeaders {
    public static final String PREFIX = "x-carillon-dlq-";
    /** Where it was read from. */
    public static final String TOPIC = PREFIX + "topic";

    public static final String PARTITION = PREFIX + "partition";
    public static final String OFFSET = PREFIX + "offset";
    /** The record's key, bounded; absent when it has none. */
    public static final String KEY = PREFIX + "key";
    /** Whose dead letter it is. */
    public static final String GROUP = PREFIX + "group";
    /** {@code not-applied}, {@code unreadable}, {@code too-old} or {@code from-the-future}. */
    public static final String REASON = PREFIX + "reason";
    /** How often it became a dead letter. */
    public static final String ATTEMPTS = PREFIX + "attempts";
    /** RFC 3339, UTC. */
    public static final String FIRST_FAILED_AT = PREFIX + "first-failed-at";

    public static final String LAST_FAILED_AT = PREFIX + "last-failed-at";
    /** Bounded; says what failed and where, and quotes nothing of the payload. */
    public static final String ERROR = PREFIX + "error";
    /** How many bytes of value were left out, because the broker takes no record as large as this one was; it cannot be redriven. */
    public static final String OMITTED = PREFIX + "omitted-bytes";

    private DeadLetterHeaders() {}
}
