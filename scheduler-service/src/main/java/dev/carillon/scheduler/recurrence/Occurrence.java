package dev.carillon.scheduler.recurrence;

import java.time.Instant;
import java.time.LocalDateTime;

/**
 * One time that a rule gives.
 *
 * @param local what the rule says, which is another local time than that of {@code at} when it was shifted out of a gap
 */
public record Occurrence(LocalDateTime local, Fold fold, Instant at) {
    /** How the local time stands to its instant. */
    public enum Fold {
        /** It exists once. */
        PLAIN,
        /** It comes twice, and this is its first instant. */
        FIRST,
        /** It comes twice, and this is its second instant. */
        SECOND,
        /** It does not exist, and was shifted. */
        SHIFTED
    }
}
