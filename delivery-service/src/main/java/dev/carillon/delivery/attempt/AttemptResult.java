package dev.carillon.delivery.attempt;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What came of one attempt.
 *
 * @param possiblyDelivered whether the provider may have it although the call did not succeed
 * @param retryAfter what the provider asked for
 */
public record AttemptResult(
        Call call,
        Outcome outcome,
        @Nullable String reason,
        @Nullable Integer providerStatus,
        @Nullable String error,
        @Nullable String responseExcerpt,
        @Nullable Duration retryAfter,
        boolean possiblyDelivered) {

    /**
     * The call that was made.
     *
     * @param number the attempt's, from 1
     * @param startedAt by the database's clock
     * @param spanId of its span, in the trace
     */
    public record Call(
            UUID deliveryId,
            int number,
            Instant startedAt,
            Duration duration,
            @Nullable String traceId,
            @Nullable String spanId) {}

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
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The end of an attempt that nobody recorded before its deadline. */
    public static AttemptResult unknown(Delivery inFlight) {
        return new AttemptResult(
                new Call(inFlight.id(), inFlight.attempts(), inFlight.attemptAt(), Duration.ZERO, null, null),
                Outcome.UNKNOWN,
                "unknown-outcome",
                null,
                "The outcome of the call is not known: whoever made it did not record it before its deadline",
                null,
                null,
                true);
    }
}
