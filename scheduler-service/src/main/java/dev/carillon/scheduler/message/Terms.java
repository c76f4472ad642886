package dev.carillon.scheduler.message;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client may still change of a message until its first attempt. */
public record Terms(
        Content content, Timing timing, @Nullable Instant expiresAt, Map<String, String> metadata) {}
