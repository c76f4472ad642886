package dev.carillon.scheduler.recurrence;

import dev.carillon.scheduler.message.MessageDraft;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/**
 * What a client says of a schedule.
 *
 * @param start the first local time that counts
 * @param startSecond whether {@code start} is meant the second time that it comes, where clocks are put back over it
 * @param endAt the last instant that counts
 * @param count how many occurrences count, from {@code start} on
 * @param expiresAfter how long after its instant each message expires
 */
public record Definition(
        Rule rule,
        ZonePolicy zonePolicy,
        LocalDateTime start,
        boolean startSecond,
        @Nullable Instant endAt,
        @Nullable Integer count,
        Misfire misfire,
        @Nullable Duration expiresAfter,
        MessageDraft message) {
    /** The instant of the start. */
    public Instant startAt() {
        return zonePolicy.instant(start, startSecond);
    }

    /** The instant before which nothing counts; null where the local times of the rule begin with the start, and say it by themselves. */
    public @Nullable Instant firstAt() {
        return startSecond ? startAt() : null;
    }
}
