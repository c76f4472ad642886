package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.attempt.AttemptResult;
import dev.carillon.delivery.attempt.AttemptResult.Call;
import dev.carillon.delivery.attempt.AttemptResult.Outcome;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.Reason;

/** What a provider's answer means for the attempt. */
final class CallResults {
    /** The reason of a bug of ours. */
    static final String INTERNAL_ERROR = "internal-error";

    private CallResults() {}

    static AttemptResult of(Call call, ProviderAnswer answer) {
        return switch (answer) {
            case ProviderAnswer.Delivered delivered ->
                new AttemptResult(
                        call,
                        Outcome.DELIVERED,
                        null,
                        delivered.providerStatus(),
                        null,
                        delivered.responseExcerpt(),
                        null,
                        false);
            case ProviderAnswer.Transient failed ->
                new AttemptResult(
                        call,
                        Outcome.TRANSIENT,
                        failed.reason().slug(),
                        failed.providerStatus(),
                        failed.error(),
                        failed.responseExcerpt(),
                        failed.retryAfter(),
                        failed.possiblyDelivered());
            case ProviderAnswer.Permanent refused ->
                new AttemptResult(
                        call,
                        Outcome.PERMANENT,
                        refused.reason().slug(),
                        refused.providerStatus(),
                        refused.error(),
                        refused.responseExcerpt(),
                        null,
                        false);
        };
    }

    /**
     * Whether nobody was asked for reasons that are ours, so that it is no word about whom the call was for. Only a call that need not wait tells whether a
     * connection can be had.
     *
     * @param hadToWait whether others had all connections when the call began, or its message expired before all of its time was up
     */
    static boolean nobodyWasAsked(ProviderAnswer.Transient failed, boolean hadToWait) {
        return failed.reason() == Reason.RESOLVER_BUSY
                || failed.reason() == Reason.NO_TURN
                || (failed.reason() == Reason.NOT_SENT && hadToWait);
    }

    /** A bug of ours, and no word of the provider's: whatever it was, a later version of us may do better. */
    static AttemptResult ofBug(Call call) {
        return new AttemptResult(
                call,
                Outcome.TRANSIENT,
                INTERNAL_ERROR,
                null,
                "The channel failed here; see the log of this trace",
                null,
                null,
                false);
    }
}
