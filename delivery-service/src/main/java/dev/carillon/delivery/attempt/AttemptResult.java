package dev.carillon.delivery.attempt;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What came of one attempt.
 *
 * @param startedAt when the call began, by the database's clock
 * @param possiblyDelivered whether the provider may have it although the call did not succeed
 * @param retryAfter what the provider asked for
 */
public record AttemptResult(
        UUID deliveryId,
        int number,
        Instant startedAt,
        Duration duration,
        Outcome outcome,
        @Nullable String reason,
        @Nullable Integer providerStatus,
        @Nullable String error,
        @Nullable String responseExcerpt,
        @Nullable Duration retryAfter,
        boolean possiblyDelivered,
        @Nullable String traceId) {

    /** How an attempt ended. */
    public enum Outcome {
        DELIVERED,
        /** It failed and may succeed later. */
        TRANSIENT,
        /** It failed and will always fail. */
        PERMANENT,
        /** Whoever made the call did not live to record what came of it. */
        UNKNOWN;

        public String wireName() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** The end of an attempt that nobody recorded before its deadline. */
    public static AttemptResult unknown(Delivery delivery) {
        return new AttemptResult(
                delivery.id(),
                delivery.attempts(),
                delivery.attemptAt(),
                Duration.ZERO,
                Outcome.UNKNOWN,
                "unknown-outcome",
                null,
                "The outcome of the call is not known: whoever made it did not record it before its deadline",
                null,
                null,
                true,
                null);
    }
}
