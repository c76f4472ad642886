package dev.carillon.delivery.containment;

import dev.carillon.delivery.channel.Destination;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A delivery that wants to begin an attempt.
 *
 * @param destination null where it cannot be read
 * @param retry whether attempts were made before
 * @param callAt when the call is to be made, which may be a moment ahead
 * @param contentBytes what the call will hold in memory
 */
public record Request(
        UUID deliveryId,
        String tenant,
        String channel,
        @Nullable Destination destination,
        boolean retry,
        Instant callAt,
        int contentBytes) {}
