package dev.carillon.delivery.redrive;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job that attempts a tenant's dead letters again.
 *
 * <pre>
 *   RUNNING ──> DONE | STOPPED
 * </pre>
 *
 * @param total how many there were when it began; 100,000 when there were as many or more
 * @param redriven how many got another attempt
 * @param passedOver how many were no dead letters any more when their turn came, or had expired
 * @param position the last delivery that was looked at, in the order of ids
 */
public record Redrive(
        UUID id,
        String tenant,
        State state,
        DeadLetters which,
        int ratePerSecond,
        long total,
        long redriven,
        long passedOver,
        UUID position,
        String createdBy,
        Instant createdAt,
        @Nullable String stoppedBy,
        @Nullable Instant endedAt) {
    private static final int LARGEST_BATCH = 100;
    private static final UUID BEFORE_ALL = new UUID(0, 0);

    /** Where a job stands. */
    public enum State {
        RUNNING,
        DONE,
        STOPPED;

        /** The name that clients and rows see. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws IllegalArgumentException when no state has this name */
        public static State of(String wireName) {
            return valueOf(wireName.toUpperCase(Locale.ROOT));
        }
    }

    /** One that has not looked at anything yet. */
    public static Redrive begun(
            UUID id, String tenant, DeadLetters which, int ratePerSecond, long total, String by, Instant now) {
        return new Redrive(
                id, tenant, State.RUNNING, which, ratePerSecond, total, 0, 0, BEFORE_ALL, by, now, null, null);
    }

    public boolean isRunning() {
        return state == State.RUNNING;
    }

    /** How many deliveries it looks at in one transaction. */
    public int batch() {
        return Math.min(ratePerSecond, LARGEST_BATCH);
    }

    /** How long after the first of a batch the one of this number, from 0, is attempted. */
    public Duration after(int number) {
        return Duration.ofNanos(1_000_000_000L * number / ratePerSecond);
    }

    /**
     * After a batch.
     *
     * @param again how many of those that were looked at got another attempt
     * @param last the last one that was looked at; null when there was none
     */
    public Redrive advanced(int looked, int again, @Nullable UUID last, Instant now) {
        boolean done = looked < batch();
        return new Redrive(
                id,
                tenant,
                done ? State.DONE : State.RUNNING,
                which,
                ratePerSecond,
                total,
                redriven + again,
                passedOver + looked - again,
                last == null ? position : last,
                createdBy,
                createdAt,
                null,
                done ? now : null);
    }

    /** Nothing more is redriven; what was, stays so. */
    public Redrive stopped(String by, Instant now) {
        return new Redrive(
                id,
                tenant,
                State.STOPPED,
                which,
                ratePerSecond,
                total,
                redriven,
                passedOver,
                position,
                createdBy,
                createdAt,
                by,
                now);
    }
}
