package dev.carillon.scheduler.message;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;

/**
 * When a message is due.
 *
 * @param dueAt the instant, to the microsecond
 * @param local the same in {@code zone}; kept with the version of the zone rules, so that changed rules can be applied later
 */
public record Timing(Instant dueAt, LocalDateTime local, ZoneId zone, String tzdbVersion) {}
