package dev.carillon.scheduler.message.store;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which messages of a tenant are listed, newest first.
 *
 * @param before only those created before the message of this id
 */
public record MessageFilter(
        String tenant,
        @Nullable String status,
        @Nullable String channel,
        @Nullable Instant dueFrom,
        @Nullable Instant dueTo,
        @Nullable String orderingKey,
        @Nullable String sourceType,
        @Nullable String sourceId,
        @Nullable UUID before,
        int limit) {}
