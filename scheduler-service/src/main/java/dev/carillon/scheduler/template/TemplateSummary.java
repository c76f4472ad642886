package dev.carillon.scheduler.template;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A template without what it says: what lists are made of, however long the texts are.
 *
 * @param version the latest
 * @param createdAt when that came
 */
public record TemplateSummary(
        UUID id,
        String name,
        int version,
        Instant createdAt,
        @Nullable Instant retiredAt) {}
