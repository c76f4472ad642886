package dev.carillon.delivery.attempt;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** Deliveries and results for tests of the rules. */
final class Deliveries {
    static final Instant DUE = Instant.parse("2026-11-27T09:00:00Z");
    static final Duration TIMEOUT = Duration.ofSeconds(15);

    private Deliveries() {}

    static Delivery pending() {
        return Delivery.pending(UUID.randomUUID(), "acme", UUID.randomUUID(), 1, "webhook", DUE, null, null);
    }

    static Delivery pendingUntil(Instant expiresAt) {
        return Delivery.pending(UUID.randomUUID(), "acme", UUID.randomUUID(), 1, "webhook", DUE, expiresAt, null);
    }

    static Delivery in(DeliveryStatus status) {
        var inFlight = pending().inFlight(DUE);
        return switch (status) {
            case PENDING -> pending();
            case IN_FLIGHT -> inFlight;
            case WAITING -> after(inFlight, AttemptResult.Outcome.TRANSIENT);
            case DELIVERED -> after(inFlight, AttemptResult.Outcome.DELIVERED);
            case DEAD -> after(inFlight, AttemptResult.Outcome.PERMANENT);
            case EXPIRED -> after(inFlight, AttemptResult.Outcome.TRANSIENT).expired(DUE);
            case RECALLED -> after(inFlight, AttemptResult.Outcome.TRANSIENT).recalled(DUE);
            case HELD -> held(pending());
        };
    }

    static Delivery after(Delivery delivery, AttemptResult.Outcome outcome) {
        return delivery.after(result(delivery, outcome), policy(), DUE.plusSeconds(1), () -> 0.5);
    }

    static RetryPolicy policy() {
        return RetryPolicy.parse(java.util.List.of("PT4M±25", "PT11M±10"));
    }

    static AttemptResult result(Delivery delivery, AttemptResult.Outcome outcome) {
        return result(delivery, delivery.attempts(), outcome);
    }

    static AttemptResult result(Delivery delivery, int number, AttemptResult.Outcome outcome) {
        return result(delivery, number, outcome, null, false);
    }

    static AttemptResult result(
            Delivery delivery,
            int number,
            AttemptResult.Outcome outcome,
            @org.jspecify.annotations.Nullable Duration retryAfter,
            boolean possiblyDelivered) {
        var call = new AttemptResult.Call(delivery.id(), number, DUE, Duration.ofMillis(20), null, null);
        var error = outcome == AttemptResult.Outcome.DELIVERED ? null : "it failed";
        return new AttemptResult(call, outcome, null, null, error, null, retryAfter, possiblyDelivered);
    }

    private static Delivery held(Delivery delivery) {
        return new Delivery(
                delivery.id(),
                delivery.tenant(),
                delivery.messageId(),
                1,
                DeliveryStatus.HELD,
                2,
                "webhook",
                DUE,
                null,
                null,
                0,
                0,
                DUE,
                false,
                null,
                null,
                null,
                null,
                false);
    }
}
