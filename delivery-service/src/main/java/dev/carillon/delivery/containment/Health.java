package dev.carillon.delivery.containment;

import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a call's end says about whom was called, whatever it says about the message. */
enum Health {
    /** It works: it took the message, or refused it with its own word. */
    ANSWERED,
    /** It answered that it cannot now, or broke off. */
    FAILED,
    TIMED_OUT,
    /** Nobody was reached under the name and port. */
    UNREACHABLE,
    /** Nothing: it was not asked, asked to be left alone, or spoke of one mailbox only. */
    UNKNOWN;

    static Health of(ProviderAnswer answer) {
        return switch (answer) {
            case ProviderAnswer.Delivered delivered -> ANSWERED;
            case ProviderAnswer.Permanent refused -> refused.providerStatus() == null ? UNKNOWN : ANSWERED;
            case ProviderAnswer.Transient failed -> of(failed.reason());
        };
    }

    /** For how long whoever was called asks to be left alone: zero if it does not say how long, null if it does not ask. */
    static @Nullable Duration wantsToBeLeftAlone(ProviderAnswer answer) {
        if (!(answer instanceof ProviderAnswer.Transient failed)) {
            return null;
        }
        var asked = failed.retryAfter();
        boolean limited = failed.reason() == Reason.RATE_LIMITED;
        return asked != null && asked.isPositive() ? asked : limited ? Duration.ZERO : null;
    }

    private static Health of(Reason reason) {
        return switch (reason) {
            case CONNECTION_REFUSED, UNREACHABLE, HOST_NOT_FOUND, TLS_FAILED -> UNREACHABLE;
            case TIMEOUT, NOT_SENT -> TIMED_OUT;
            // The installation's own faults too: no call can succeed until an operator helps, so attempts had better
            // wait.
            case CONNECTION_LOST, UNREADABLE_ANSWER, PROVIDER_FAILED, CREDENTIALS_REFUSED, NOT_CONFIGURED -> FAILED;
            case NO_TURN,
                    RESOLVER_BUSY,
                    RATE_LIMITED,
                    MAILBOX_UNAVAILABLE,
                    DESTINATION_REFUSED,
                    DESTINATION_GONE,
                    ENDPOINT_UNKNOWN,
                    CONTENT_REFUSED,
                    REDIRECTED,
                    REJECTED -> UNKNOWN;
        };
    }
}
