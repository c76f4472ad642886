package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.DeliverySettings;
import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.delivery.attempt.DeliveryStatus;
import dev.carillon.delivery.channel.Channels;
import dev.carillon.kit.timer.Timers;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Sets the one timer that an open delivery has: at its next attempt, from which the engine gives a head start for the intent; or, while a call is
 * open, past the call's deadline.
 */
final class AttemptTimers {
    private static final Duration BLOCKED_RECHECK = Duration.ofSeconds(1);

    private final Timers timers;
    private final Channels channels;
    private final Duration headStart;

    AttemptTimers(Timers timers, Channels channels, DeliverySettings settings) {
        this.timers = timers;
        this.channels = channels;
        this.headStart = settings.intentLead();
    }

    Uni<Void> arm(Tx tx, List<Delivery> deliveries) {
        var open = deliveries.stream().filter(one -> !one.status().isEnd()).toList();
        return timers.arm(
                tx,
                open.stream().map(Delivery::id).toList(),
                open.stream().map(this::dueAt).toList());
    }

    /** For those that an earlier one of their key stands before: its end arms them, and this is for when that is missed. */
    Uni<Void> armBlocked(Tx tx, List<Delivery> blocked) {
        var later = timers.clock().instant().plus(BLOCKED_RECHECK).plus(headStart);
        return timers.arm(
                tx,
                blocked.stream().map(Delivery::id).toList(),
                blocked.stream().map(one -> later).toList());
    }

    Uni<Void> disarmEnded(Tx tx, List<Delivery> deliveries) {
        return timers.disarm(
                tx,
                deliveries.stream()
                        .filter(one -> one.status().isEnd())
                        .map(Delivery::id)
                        .toList());
    }

    Instant deadline(Delivery inFlight) {
        return inFlight.deadline(timeout(inFlight));
    }

    Duration timeout(Delivery delivery) {
        return channels.named(delivery.channel())
                .map(channel -> channel.timeout())
                .orElse(Duration.ofSeconds(15));
    }

    private Instant dueAt(Delivery delivery) {
        // The head start is for attempts; nothing is taken for unknown before its deadline.
        return delivery.status() == DeliveryStatus.IN_FLIGHT
                ? deadline(delivery).plus(headStart)
                : delivery.nextTimer();
    }
}
