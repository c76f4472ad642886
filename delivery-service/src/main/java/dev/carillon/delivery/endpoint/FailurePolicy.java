package dev.carillon.delivery.endpoint;

import java.time.Duration;
import java.time.Instant;

/**
 * When an endpoint that fails is spoken of, and when it is disabled.
 *
 * @param leastFailures from how many failed attempts in a row on it counts as failing
 * @param disableAfter how long it has to have been failing without a success
 */
public record FailurePolicy(int leastFailures, Duration disableAfter) {
    /** @throws IllegalArgumentException when it would disable what has not failed */
    public FailurePolicy {
        if (leastFailures < 1 || disableAfter.isNegative()) {
            throw new IllegalArgumentException(
                    "carillon.endpoints.least-failures is at least 1, and disable-after not negative");
        }
    }

    /** What came of some attempts at one endpoint, in the order of their weight. */
    public enum Attempts {
        FAILED,
        /** One at least was delivered. */
        DELIVERED,
        /** It answered 410: it wants no more. */
        GONE;

        /** What several groups come to. */
        public Attempts and(Attempts other) {
            return compareTo(other) > 0 ? this : other;
        }
    }

    /** What they come to. */
    public sealed interface Change {
        /** How it is then. */
        Endpoint endpoint();

        /** Nobody has to know. */
        record Noted(Endpoint endpoint) implements Change {}

        /** It has failed so often that its tenant should know. */
        record Failing(Endpoint endpoint) implements Change {}

        /** It counted as failing, and does no more. */
        record Recovered(Endpoint endpoint) implements Change {}

        /** Nothing goes to it any more. */
        record Disabled(Endpoint endpoint) implements Change {}
    }

    /**
     * Of one that is disabled nobody has to know: what comes then was called before, and enabling it begins anew.
     *
     * @param failed how many of the attempts failed, if none was delivered
     */
    public Change after(Endpoint before, Attempts attempts, int failed, Instant now) {
        return switch (attempts) {
            case GONE ->
                before.isDisabled()
                        ? new Change.Noted(before.failed(failed, now))
                        : new Change.Disabled(before.failed(failed, now).disabled(Endpoint.Because.GONE, now));
            case DELIVERED ->
                before.failures() >= leastFailures && !before.isDisabled()
                        ? new Change.Recovered(before.succeeded().told())
                        : new Change.Noted(before.succeeded());
            case FAILED -> failed(before, before.failed(failed, now), now);
        };
    }

    private Change failed(Endpoint before, Endpoint after, Instant now) {
        var since = after.failingSince();
        boolean failing = after.failures() >= leastFailures;
        if (failing
                && !after.isDisabled()
                && since != null
                && !since.plus(disableAfter).isAfter(now)) {
            return new Change.Disabled(after.disabled(Endpoint.Because.FAILING, now));
        }
        return failing && !after.isDisabled() && before.failures() < leastFailures
                ? new Change.Failing(after.told())
                : new Change.Noted(after);
    }
}
