package dev.carillon.scheduler.message;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a message's delivery.
 *
 * @param deliveryVersion the highest version of the delivery that was seen in this generation
 * @param acceptedAt when delivery said that it has the message; until then it is staged again and again
 * @param possiblyDelivered whether the outcome of an attempt is unknown
 * @param firedAt when the first attempt began
 */
public record Progress(
        long deliveryVersion,
        @Nullable UUID deliveryId,
        @Nullable Instant acceptedAt,
        int attempts,
        boolean possiblyDelivered,
        @Nullable Instant firedAt,
        @Nullable Instant nextAttemptAt,
        @Nullable Instant deliveredAt,
        @Nullable Instant endedAt,
        @Nullable String error) {
    public static final Progress NONE = new Progress(0, null, null, 0, false, null, null, null, null, null);

    /** Nothing but that news up to {@code deliveryVersion} are known and over. */
    static Progress seen(long deliveryVersion) {
        return new Progress(deliveryVersion, null, null, 0, false, null, null, null, null, null);
    }

    Progress ended(Instant at) {
        return new Progress(
                deliveryVersion,
                deliveryId,
                acceptedAt,
                attempts,
                possiblyDelivered,
                firedAt,
                null,
                deliveredAt,
                at,
                error);
    }
}
