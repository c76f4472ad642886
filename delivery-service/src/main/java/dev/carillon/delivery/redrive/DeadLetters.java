package dev.carillon.delivery.redrive;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters of a tenant are meant; what is null narrows nothing.
 *
 * @param destination the address, chat id, URL or endpoint's id
 * @param from the earliest instant at which they were due
 * @param to before which they were due
 */
public record DeadLetters(
        @Nullable UUID messageId,
        @Nullable String channel,
        @Nullable String destination,
        @Nullable Instant from,
        @Nullable Instant to) {
    public static final DeadLetters ALL = new DeadLetters(null, null, null, null, null);
}
