package dev.carillon.scheduler.recurrence.store;

import java.time.Instant;
import java.time.LocalDateTime;
import java.util.UUID;

/**
 * An occurrence that has a message.
 *
 * @param second whether it is the second instant of a local time that comes twice
 */
public record RunRow(
        UUID scheduleId, String zone, LocalDateTime local, boolean second, Instant dueAt, UUID messageId) {}
