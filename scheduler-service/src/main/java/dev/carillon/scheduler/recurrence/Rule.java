package dev.carillon.scheduler.recurrence;

/** What recurs, as it was written. */
public sealed interface Rule {
    String text();

    /** Five fields, or a nickname such as {@code @daily}. */
    record Cron(String text) implements Rule {}

    /** A recurrence rule of RFC 5545, section 3.3.10, without its name. */
    record RRule(String text) implements Rule {}
}
