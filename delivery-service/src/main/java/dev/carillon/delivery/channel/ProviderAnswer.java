package dev.carillon.delivery.channel;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What became of one call to a provider.
 *
 * <p>Errors are one line of at most {@value Excerpt#ERROR_CHARS} characters; excerpts are text of at most
 * {@value Excerpt#BODY_BYTES} bytes in UTF-8. Neither holds control characters that a database or a terminal would
 * choke on, nor a secret of ours.
 */
public sealed interface ProviderAnswer {

    /** The provider's own code (an HTTP status, an SMTP reply), or null where it gave none. */
    @Nullable Integer providerStatus();

    /** The beginning of what the provider said, or null where it said nothing. */
    @Nullable String responseExcerpt();

    /**
     * The provider accepted the message.
     *
     * @param providerMessageId the provider's name for it, where it gives one
     */
    record Delivered(
            @Nullable Integer providerStatus,
            @Nullable String providerMessageId,
            @Nullable String responseExcerpt) implements ProviderAnswer {
        public Delivered {
            responseExcerpt = Excerpt.ofBody(responseExcerpt);
        }
    }

    /**
     * It did not work now, and may later.
     *
     * @param retryAfter how long the provider asks to be left alone; at most {@link RetryAfter#LIMIT}
     * @param possiblyDelivered the call was under way when it failed: the provider may have accepted it, and nobody knows
     */
    record Transient(
            @Nullable Integer providerStatus,
            Reason reason,
            String error,
            @Nullable String responseExcerpt,
            @Nullable Duration retryAfter,
            boolean possiblyDelivered)
            implements ProviderAnswer {
        public Transient {
            error = Excerpt.ofError(error);
            responseExcerpt = Excerpt.ofBody(responseExcerpt);
        }

        /** A failure without a word of the provider's. */
        public static Transient unanswered(Reason reason, String error, boolean possiblyDelivered) {
            return new Transient(null, reason, error, null, null, possiblyDelivered);
        }
    }

    /** It will not work, however often it is repeated. */
    record Permanent(
            @Nullable Integer providerStatus,
            Reason reason,
            String error,
            @Nullable String responseExcerpt) implements ProviderAnswer {
        public Permanent {
            error = Excerpt.ofError(error);
            responseExcerpt = Excerpt.ofBody(responseExcerpt);
        }

        /** A refusal by us, before any provider was asked. */
        public static Permanent unasked(Reason reason, String error) {
            return new Permanent(null, reason, error, null);
        }
    }
}
