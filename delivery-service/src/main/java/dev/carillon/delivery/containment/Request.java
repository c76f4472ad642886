package dev.carillon.delivery.containment;

import dev.carillon.delivery.channel.Destination;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A delivery that wants to begin an attempt.
 *
 * @param destination null where it cannot be read
 * @param callAt when the call is to be made, which may be a moment ahead
 * @param contentBytes what the call will hold in memory
 */
public record Request(
        UUID deliveryId,
        String tenant,
        String channel,
        @Nullable Destination destination,
        Kind kind,
        Instant callAt,
        int contentBytes) {
    /** What makes it be attempted, which decides whether the retry budget pays for it. */
    public enum Kind {
        /** Its instant: no attempt was made before. */
        FIRST,
        /** The policy, after an attempt that failed. */
        RETRY,
        /** An operator's word: a retry of this one, or a redrive, which has a rate of its own. */
        ON_REQUEST
    }
}
