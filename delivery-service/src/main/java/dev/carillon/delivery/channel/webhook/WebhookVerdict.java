package dev.carillon.delivery.channel.webhook;

import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.ProviderAnswer.Delivered;
import dev.carillon.delivery.channel.ProviderAnswer.Permanent;
import dev.carillon.delivery.channel.ProviderAnswer.Transient;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.channel.RetryAfter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver's status means. 2xx is delivered; 408, 425, 429 and 5xx may be better later; 410 wants no more, ever;
 * every other status would be the same again.
 */
final class WebhookVerdict {

    private WebhookVerdict() {}

    static ProviderAnswer of(int status, @Nullable String excerpt, @Nullable String retryAfter, Instant now) {
        if (status >= 200 && status < 300) {
            return new Delivered(status, null, excerpt);
        }
        return switch (status) {
            case 429 -> later(Reason.RATE_LIMITED, status, excerpt, retryAfter, now);
            case 408, 425 -> later(Reason.PROVIDER_FAILED, status, excerpt, retryAfter, now);
            case 410 ->
                new Permanent(status, Reason.DESTINATION_GONE, "the receiver answered 410: it is gone", excerpt);
            default -> {
                if (status >= 500) {
                    yield later(Reason.PROVIDER_FAILED, status, excerpt, retryAfter, now);
                }
                yield status >= 400 ? rejected(status, excerpt) : redirected(status, excerpt);
            }
        };
    }

    private static ProviderAnswer later(
            Reason reason, int status, @Nullable String excerpt, @Nullable String retryAfter, Instant now) {
        return new Transient(
                status, reason, "the receiver answered " + status, excerpt, RetryAfter.parse(retryAfter, now), false);
    }

    private static ProviderAnswer rejected(int status, @Nullable String excerpt) {
        return new Permanent(status, Reason.REJECTED, "the receiver answered " + status, excerpt);
    }

    private static ProviderAnswer redirected(int status, @Nullable String excerpt) {
        return new Permanent(
                status,
                Reason.REDIRECTED,
                "the receiver answered " + status + ": redirects are not followed, use the final address",
                excerpt);
    }
}
