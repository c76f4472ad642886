package dev.carillon.relay.deadletter;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A redrive as its group's committed offsets tell of it.
 *
 * <pre>
 *    ┌──(its request is repeated)──┐
 *    ▼                             │
 * running ──(its relay is gone)─> interrupted
 *    ├──> finished                 │
 *    └──(stop)──> stopped <─(stop)─┘
 * </pre>
 *
 * A new redrive of the topic goes on where one that was stopped or interrupted was.
 *
 * @param startedAt when it began, or went on at last
 * @param total how many there were at its begin
 * @param left how many of them it has not put back
 * @param key the {@code Idempotency-Key} of the request that began it; null without one
 */
public record Redrive(
        UUID id,
        DeadLetterTopic topic,
        Status status,
        int ratePerSecond,
        String operator,
        Instant startedAt,
        long total,
        long left,
        @Nullable String key) {

    public enum Status {
        RUNNING,
        FINISHED,
        STOPPED,
        INTERRUPTED
    }

    public Redrive goingOn(Instant since) {
        return new Redrive(id, topic, Status.RUNNING, ratePerSecond, operator, since, total, left, key);
    }

    public Redrive with(Status other) {
        return new Redrive(id, topic, other, ratePerSecond, operator, startedAt, total, left, key);
    }
}
