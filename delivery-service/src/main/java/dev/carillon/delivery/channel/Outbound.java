package dev.carillon.delivery.channel;

import java.time.Duration;
import java.util.UUID;

/**
 * One attempt, as it is handed to a {@link Channel}.
 *
 * @param messageId the idempotency key: the same in every attempt at, and every staging of, one message
 * @param generation the staging of the message that this is, from 1
 * @param tenant whose message it is
 * @param deliveryId the delivery that the attempt belongs to
 * @param attempt the attempt's number, from 1
 * @param timeout the most that the whole call may take, from the dial to the end of the answer
 * @param sendBefore for how long from its start the call may be sent, since the message expires then; as long as the timeout where it does not.
 *     What could not be sent by then is not, and answered with {@link Reason#NOT_SENT}; whatever was sent may take its timeout for the answer
 */
public record Outbound(
        UUID messageId,
        int generation,
        String tenant,
        UUID deliveryId,
        int attempt,
        Destination destination,
        Content content,
        Duration timeout,
        Duration sendBefore) {

    public Outbound {
        if (generation < 1 || attempt < 1) {
            throw new IllegalArgumentException("generation and attempt count from 1");
        }
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("a call needs a timeout above zero, not " + timeout);
        }
        if (!sendBefore.isPositive()) {
            throw new IllegalArgumentException("what has expired is not sent");
        }
    }

    /** An attempt at a message that does not expire meanwhile. */
    public Outbound(
            UUID messageId,
            int generation,
            String tenant,
            UUID deliveryId,
            int attempt,
            Destination destination,
            Content content,
            Duration timeout) {
        this(messageId, generation, tenant, deliveryId, attempt, destination, content, timeout, timeout);
    }
}
