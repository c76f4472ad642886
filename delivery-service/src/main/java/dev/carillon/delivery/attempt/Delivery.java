package dev.carillon.delivery.attempt;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One staging of a message on its way to a provider.
 *
 * @param version counts every change, from 1; what events carry
 * @param attempts how many were begun
 * @param unknown how many of them ended, and nobody recorded how
 * @param attemptAt when the next attempt is due; while one is in flight, when that was due to begin; while it is held, when it is given up
 * @param possiblyDelivered whether the outcome of an attempt is unknown
 * @param firedAt when the first attempt began
 * @param heldSince when it was first held, since it was staged or an operator last had it attempted again
 * @param onRequest whether its next attempt, or the one in flight, is on an operator's word
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
        int unknown,
        Instant attemptAt,
        boolean possiblyDelivered,
        @Nullable Instant firedAt,
        @Nullable Instant endedAt,
        @Nullable String error,
        @Nullable Instant heldSince,
        boolean onRequest) {
    /** How many unknown outcomes end it: a message whose sending kills whoever sends it must not be sent for ever. */
    static final int MOST_UNKNOWN = 5;

    /** What the recording of a result may take after its call has ended. */
    private static final Duration RECORDING = Duration.ofSeconds(1);

    /** One that has just been staged. */
    public static Delivery pending(
            UUID id,
            String tenant,
            UUID messageId,
            int generation,
            String channel,
            Instant dueAt,
            @Nullable Instant expiresAt,
            @Nullable String orderingKey) {
        return new Delivery(
                id,
                tenant,
                messageId,
                generation,
                DeliveryStatus.PENDING,
                1,
                channel,
                dueAt,
                expiresAt,
                orderingKey,
                0,
                0,
                dueAt,
                false,
                null,
                null,
                null,
                null,
                false);
    }

    /** What a recall leaves that comes before its staging. */
    public static Delivery tombstone(UUID id, String tenant, UUID messageId, int generation, Instant now) {
        return new Delivery(
                id,
                tenant,
                messageId,
                generation,
                DeliveryStatus.RECALLED,
                1,
                "none",
                now,
                null,
                null,
                0,
                0,
                now,
                false,
                null,
                now,
                null,
                null,
                false);
    }

    /** The attempt is about to begin, at its instant or now when that has passed. */
    public Delivery inFlight(Instant now) {
        return changed(DeliveryStatus.IN_FLIGHT, attempts + 1, beginsAt(now), possiblyDelivered, firedAt, null, error);
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

    /** To be attempted once more at {@code at}, on an operator's word. */
    public Delivery redriven(Instant at) {
        return changed(DeliveryStatus.WAITING, attempts, at, possiblyDelivered, firedAt, null, error)
                .with(unknown, null, true);
    }

    /**
     * Its receiver is disabled: nothing is attempted until it is let go, and it is given up when it was first held {@code atMost} ago, however often it
     * was let go and held again since.
     */
    public Delivery held(Instant now, Duration atMost) {
        var since = heldSince == null ? now : heldSince;
        return changed(DeliveryStatus.HELD, attempts, since.plus(atMost), possiblyDelivered, firedAt, null, error)
                .with(unknown, since, onRequest);
    }

    /** Its receiver is disabled, and as many wait for it as may. */
    public Delivery notHeld(Instant now) {
        return changed(
                DeliveryStatus.DEAD,
                attempts,
                attemptAt,
                possiblyDelivered,
                firedAt,
                now,
                "its endpoint is disabled, and as many deliveries are held for it as may be");
    }

    /** Its receiver takes webhooks again: to be attempted at {@code at}, as after a failure. */
    public Delivery letGo(Instant at) {
        return changed(DeliveryStatus.WAITING, attempts, at, possiblyDelivered, firedAt, null, error);
    }

    /** Held for as long as anything is. */
    public Delivery givenUp(Instant now) {
        return changed(
                DeliveryStatus.DEAD,
                attempts,
                attemptAt,
                possiblyDelivered,
                firedAt,
                now,
                "held for a disabled endpoint for as long as anything is");
    }

    /** Whether an attempt that would begin at {@code instant} comes too late for it. */
    public boolean isExpiredAt(Instant instant) {
        return expiresAt != null && !expiresAt.isAfter(instant);
    }

    /** Whether it ends before its next attempt. */
    public boolean expiresFirst() {
        return isExpiredAt(attemptAt);
    }

    /** When an attempt begins whose intent is committed now: at its instant, or at once when that has passed. */
    Instant beginsAt(Instant now) {
        var begins = attemptAt.isAfter(now) ? attemptAt : now;
        // As the database keeps it: an intent is known by it.
        return begins.truncatedTo(ChronoUnit.MICROS);
    }

    /**
     * The delivery after an attempt. A result that comes when its delivery has moved on (late, after it was taken for unknown) changes it only
     * if it was delivered after all, and not even then once a recall was confirmed; otherwise the same object is returned.
     *
     * <p>An unknown outcome is a failure of ours, and no attempt of the policy's: the next one comes at once, in its place, until {@link #MOST_UNKNOWN}
     * outcomes are unknown.
     */
    public Delivery after(AttemptResult result, RetryPolicy policy, Instant now, DoubleSupplier random) {
        boolean current = status == DeliveryStatus.IN_FLIGHT && result.call().number() == attempts;
        if (!current && !deliversAfterAll(result)) {
            return this;
        }
        return switch (result.outcome()) {
            case DELIVERED -> delivered(result, now).onRequestNoMore();
            case PERMANENT -> dead(result, now).onRequestNoMore();
            case TRANSIENT ->
                policy.waitAfter(attempts - unknown, result.retryAfter(), random)
                        .map(wait -> waiting(result, now.plus(wait)))
                        .orElseGet(() -> dead(result, now))
                        .onRequestNoMore();
            case UNKNOWN -> afterUnknown(result, now);
        };
    }

    private Delivery delivered(AttemptResult result, Instant now) {
        return changed(DeliveryStatus.DELIVERED, attempts, attemptAt, possiblyDelivered, firedWith(result), now, null);
    }

    private Delivery waiting(AttemptResult failed, Instant again) {
        return changed(
                DeliveryStatus.WAITING,
                attempts,
                again,
                isPossiblyDelivered(failed),
                firedWith(failed),
                null,
                failed.error());
    }

    private Delivery dead(AttemptResult failed, Instant now) {
        return changed(
                DeliveryStatus.DEAD,
                attempts,
                attemptAt,
                isPossiblyDelivered(failed),
                firedWith(failed),
                now,
                failed.error());
    }

    private Instant firedWith(AttemptResult result) {
        return firedAt == null ? result.call().startedAt() : firedAt;
    }

    private boolean isPossiblyDelivered(AttemptResult failed) {
        return possiblyDelivered || failed.possiblyDelivered() || failed.outcome() == AttemptResult.Outcome.UNKNOWN;
    }

    /** The request was for one attempt: whatever follows it is by the policy. */
    private Delivery onRequestNoMore() {
        return with(unknown, heldSince, false);
    }

    /** Its repeat is on request if it was so itself. */
    private Delivery afterUnknown(AttemptResult result, Instant now) {
        boolean again = unknown + 1 < MOST_UNKNOWN;
        var after = again ? waiting(result, now) : dead(result, now);
        return after.with(unknown + 1, heldSince, again && onRequest);
    }

    /**
     * The delivery after an intent that no call followed: as it was {@code before}, and due again at {@code again}; or the same object, when it has moved
     * on.
     *
     * @param begunAt {@code attemptAt} of the intent, by which it is told from the next one, which has its number
     */
    public Delivery notCalled(int attempt, Instant begunAt, DeliveryStatus before, Instant again) {
        return status == DeliveryStatus.IN_FLIGHT && attempt == attempts && begunAt.equals(attemptAt)
                ? changed(before, attempts - 1, again, possiblyDelivered, firedAt, null, error)
                : this;
    }

    private boolean deliversAfterAll(AttemptResult late) {
        return late.outcome() == AttemptResult.Outcome.DELIVERED
                && switch (status) {
                    case IN_FLIGHT, WAITING, HELD, DEAD, EXPIRED -> true;
                    case PENDING, DELIVERED, RECALLED -> false;
                };
    }

    /** Until when the result of the attempt in flight must be recorded, before it is taken for unknown. */
    public Instant deadline(Duration timeout) {
        return attemptAt.plus(timeout).plus(RECORDING);
    }

    /**
     * How long a call for the attempt in flight may take that begins now: it ends before the deadline, so that no repetition overlaps it, and takes no longer
     * than any may, though the clock was set back since its instant came. Empty when so much of its time has passed that it is better left to the deadline.
     */
    public Optional<Duration> timeLeft(Duration timeout, Instant now) {
        var left = now.isBefore(attemptAt) ? timeout : timeout.minus(Duration.between(attemptAt, now));
        return left.compareTo(timeout.dividedBy(2)) < 0 ? Optional.empty() : Optional.of(left);
    }

    /** For how long a call that begins now, before it expires, may still be sent: it is not sent any more when its message has expired. */
    public Duration sendBefore(Duration timeout, Instant now) {
        if (expiresAt == null) {
            return timeout;
        }
        var left = Duration.between(now, expiresAt);
        return left.compareTo(timeout) < 0 ? left : timeout;
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
                unknown,
                nextAttemptAt,
                possibly,
                fired,
                ended,
                lastError,
                heldSince,
                onRequest);
    }

    private Delivery with(int unknownNow, @Nullable Instant since, boolean byRequest) {
        return new Delivery(
                id,
                tenant,
                messageId,
                generation,
                status,
                version,
                channel,
                dueAt,
                expiresAt,
                orderingKey,
                attempts,
                unknownNow,
                attemptAt,
                possiblyDelivered,
                firedAt,
                endedAt,
                error,
                since,
                byRequest);
    }
}
