package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.attempt.AttemptResult;
import dev.carillon.delivery.attempt.AttemptResult.Outcome;
import dev.carillon.delivery.attempt.DeliveryStatus;
import dev.carillon.delivery.attempt.store.StoredDelivery;
import dev.carillon.kit.telemetry.LogCategory;
import dev.carillon.kit.telemetry.LogCategory.Line;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Lines about deliveries, once it is committed what they say: at {@code INFO} when somebody may want to do something about it, {@code DEBUG} otherwise. They have
 * neither the address nor the provider's words, which may quote it.
 */
final class DeliveryLog {
    private DeliveryLog() {}

    /** The fields of a line about a delivery. */
    static Line about(Line line, StoredDelivery stored) {
        var delivery = stored.delivery();
        return line.in(stored.trace().traceId())
                .with("deliveryId", delivery.id())
                .with("messageId", delivery.messageId())
                .with("tenant", delivery.tenant())
                .with("channel", delivery.channel());
    }

    /**
     * An attempt that has ended.
     *
     * @param after its delivery as it is now
     * @param retryAt when it is attempted again, if it is
     */
    static void attempted(AttemptResult result, StoredDelivery after, @Nullable Instant retryAt) {
        boolean dead = result.outcome() != Outcome.DELIVERED && after.delivery().status() == DeliveryStatus.DEAD;
        if (!dead && !LogCategory.DELIVERIES.isDebug()) {
            return;
        }
        var line = dead ? LogCategory.DELIVERIES.info() : LogCategory.DELIVERIES.debug();
        about(line, after)
                .with("attempt", result.call().number())
                .with("outcome", result.outcome().wireName())
                .with("reason", result.reason())
                .with("providerStatus", result.providerStatus())
                .with("durationMs", result.call().duration().toMillis())
                .with("retryAt", retryAt)
                .with("status", after.delivery().status().wireName())
                .say(
                        "Attempt %d of delivery %s: %s; the delivery is %s",
                        result.call().number(),
                        after.id(),
                        outcome(result),
                        after.delivery().status().wireName());
    }

    private static String outcome(AttemptResult result) {
        var outcome = result.outcome().wireName();
        return result.reason() == null ? outcome : outcome + ", " + result.reason();
    }

    /** One that is held, has expired or is given up, and was not attempted for it. */
    static void notAttempted(StoredDelivery after) {
        var status = after.delivery().status().wireName();
        about(LogCategory.DELIVERIES.info(), after).with("status", status).say("Delivery %s is %s", after.id(), status);
    }
}
