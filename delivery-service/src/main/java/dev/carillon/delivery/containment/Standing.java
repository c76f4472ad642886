package dev.carillon.delivery.containment;

import dev.carillon.delivery.containment.RateLimit.Rate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a scope stands, with those of its parts that it has.
 *
 * @param inFlight calls from their permit to their end; null where they are not counted
 * @param limit how many there may be at the present pace
 * @param share what of the channel's room is this one's: of a channel or provider, the tenant's; null where it is not counted
 * @param waiting deliveries that were told to come back; for a channel, all of the channel, and for a provider, those of its chats too
 */
public record Standing(
        ScopeName name,
        @Nullable BreakerStanding breaker,
        @Nullable BudgetStanding budget,
        @Nullable RateStanding rate,
        @Nullable Integer inFlight,
        @Nullable Integer limit,
        @Nullable ShareStanding share,
        int waiting) {

    /** @param openUntil only while it is open */
    public record BreakerStanding(
            Breaker.State state,
            Instant since,
            double failureRate,
            double slowRate,
            @Nullable Instant openUntil) {}

    /** @param left how many retries could begin now */
    public record BudgetStanding(int left, RetryBudget.Limits limits) {}

    /**
     * @param rate null where nothing but a pause limits it
     * @param left how many calls could begin now
     */
    public record RateStanding(
            @Nullable Rate rate,
            @Nullable Integer left,
            @Nullable Instant pausedUntil) {}

    /**
     * @param calls that are open
     * @param mostCalls how many there may be with so many open as there are
     * @param contentBytes what they hold
     * @param mostContentBytes how much they may, with as much held as there is
     */
    public record ShareStanding(int calls, int mostCalls, long contentBytes, long mostContentBytes) {}

    static Standing of(Scope scope, @Nullable ShareStanding share, int waiting, Instant now) {
        return new Standing(
                scope.name,
                breaker(scope.breaker, now),
                scope.budget == null ? null : new BudgetStanding((int) scope.budget.left(now), scope.budget.limits()),
                rate(scope.rate, now),
                scope.calls == null ? null : scope.calls.open(),
                scope.calls == null ? null : scope.calls.limit(),
                share,
                waiting);
    }

    private static @Nullable BreakerStanding breaker(@Nullable Breaker breaker, Instant now) {
        return breaker == null
                ? null
                : new BreakerStanding(
                        breaker.state(),
                        breaker.since(),
                        breaker.failureRate(now),
                        breaker.slowRate(now),
                        breaker.openUntil());
    }

    private static @Nullable RateStanding rate(@Nullable RateLimit limit, Instant now) {
        if (limit == null) {
            return null;
        }
        return new RateStanding(limit.rate(), limit.rate() == null ? null : limit.left(now), limit.pausedUntil(now));
    }
}
