package dev.carillon.scheduler.preview;

import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/time/preview}, as it comes: one way to say when.
 *
 * @param reference the instant at which it is said, RFC 3339; absent for now
 */
public record TimePreviewRequest(
        @Nullable String phrase,
        @Nullable String at,
        @Nullable String zone,
        @Nullable String reference) {}
