package dev.carillon.delivery.attempt;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One staging of a message on its way to a provider.
 *
 * @param version counts every change, from 1; what events carry
 * @param attempts how many were begun
 * @param attemptAt when the next attempt is due; while one is in flight, when that was due to begin
 * @param possiblyDelivered whether the outcome of an attempt is unknown
 * @param firedAt when the first attempt began
 */
public record Delivery(
        UUID id,
        String tenant,
        UUID messageId,
        int generation,
        DeliveryStatus status,
        long version,
        String channel,
        Instant dueAt,
        @Nullable Instant expiresAt,
        @Nullable String orderingKey,
        int attempts,
        Instant attemptAt,
        boolean possiblyDelivered,
        @Nullable Instant firedAt,
        @Nullable Instant endedAt,
        @Nullable String error) {

    /** The attempt is about to begin, at its instant or now when that has passed. */
    public Delivery inFlight(Instant now) {
        var begins = attemptAt.isAfter(now) ? attemptAt : now;
        return changed(DeliveryStatus.IN_FLIGHT, attempts + 1, begins, possiblyDelivered, firedAt, null, error);
    }

    public Delivery expired(Instant now) {
        return changed(DeliveryStatus.EXPIRED, attempts, attemptAt, possiblyDelivered, firedAt, now, error);
    }

    public Delivery recalled(Instant now) {
        return changed(DeliveryStatus.RECALLED, attempts, attemptAt, possiblyDelivered, firedAt, now, error);
    }

    /** Nothing but a new version, for an event that repeats the state. */
    public Delivery told() {
        return changed(status, attempts, attemptAt, possiblyDelivered, firedAt, endedAt, error);
    }

    /** To be attempted again at once, on an operator's word. */
    public Delivery retriedNow(Instant now) {
        return changed(DeliveryStatus.WAITING, attempts, now, possiblyDelivered, firedAt, null, error);
    }

    /** Whether an attempt that would begin at {@code instant} comes too late for it. */
    public boolean isExpiredAt(Instant instant) {
        return expiresAt != null && !expiresAt.isAfter(instant);
    }

    /** When its timer has to fire next: at the attempt, or at its expiry if that comes first. */
    public Instant nextTimer() {
        return expiresAt != null && expiresAt.isBefore(attemptAt) ? expiresAt : attemptAt;
    }

    /**
     * The delivery after an attempt. A result that comes when its delivery has moved on (late, after it was taken for unknown) changes it only
     * if it was delivered after all; otherwise the same object is returned.
     */
    public Delivery after(AttemptResult result, RetryPolicy policy, Instant now, DoubleSupplier random) {
        boolean current = status == DeliveryStatus.IN_FLIGHT && result.number() == attempts;
        boolean deliveredAfterAll = result.outcome() == AttemptResult.Outcome.DELIVERED
                && (status == DeliveryStatus.WAITING
                        || status == DeliveryStatus.DEAD
                        || status == DeliveryStatus.EXPIRED);
        if (!current && !deliveredAfterAll) {
            return this;
        }
        var fired = firedAt == null ? result.startedAt() : firedAt;
        boolean possibly = possiblyDelivered || result.possiblyDelivered();
        return switch (result.outcome()) {
            case DELIVERED ->
                changed(DeliveryStatus.DELIVERED, attempts, attemptAt, possiblyDelivered, fired, now, null);
            case PERMANENT -> changed(DeliveryStatus.DEAD, attempts, attemptAt, possibly, fired, now, result.error());
            // The failure was ours, not the provider's: there is nothing to wait for.
            case UNKNOWN ->
                attempts < policy.attempts()
                        ? changed(DeliveryStatus.WAITING, attempts, now, true, fired, null, result.error())
                        : changed(DeliveryStatus.DEAD, attempts, attemptAt, true, fired, now, result.error());
            case TRANSIENT ->
                policy.waitAfter(attempts, result.retryAfter(), random)
                        .map(wait -> changed(
                                DeliveryStatus.WAITING,
                                attempts,
                                now.plus(wait),
                                possibly,
                                fired,
                                null,
                                result.error()))
                        .orElseGet(() -> changed(
                                DeliveryStatus.DEAD, attempts, attemptAt, possibly, fired, now, result.error()));
        };
    }

    /** Until when the result of the attempt in flight must be recorded, before it is taken for unknown. */
    public Instant deadline(Duration timeout) {
        return attemptAt.plus(timeout).plusSeconds(1);
    }

    private Delivery changed(
            DeliveryStatus next,
            int attemptsNow,
            Instant nextAttemptAt,
            boolean possibly,
            @Nullable Instant fired,
            @Nullable Instant ended,
            @Nullable String lastError) {
        return new Delivery(
                id,
                tenant,
                messageId,
                generation,
                next,
                version + 1,
                channel,
                dueAt,
                expiresAt,
                orderingKey,
                attemptsNow,
                nextAttemptAt,
                possibly,
                fired,
                ended,
                lastError);
    }
}
