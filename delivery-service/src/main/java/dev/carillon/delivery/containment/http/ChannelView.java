package dev.carillon.delivery.containment.http;

import dev.carillon.delivery.containment.Standing;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a channel, a provider or a receiver stands, in the process that answers.
 *
 * @param scope {@code channel} for all calls of a channel, {@code provider} for the one provider that the tenant's go to, {@code host} and
 *     {@code endpoint} for webhook receivers of the tenant
 * @param provider the provider's name, the host with its port, or the address without its query
 * @param inFlight calls that are permitted and have not ended
 * @param inFlightLimit how many there may be, at the pace at which they are answered
 * @param share what of the channel's room is the tenant's, in a {@code channel} or {@code provider}, or an {@code endpoint}'s
 * @param waiting deliveries that have no permit and were told when to ask again
 */
@RegisterForReflection
public record ChannelView(
        String channel,
        String scope,
        String provider,
        @Nullable BreakerView breaker,
        @Nullable BudgetView retryBudget,
        @Nullable RateView rateLimit,
        @Nullable Integer inFlight,
        @Nullable Integer inFlightLimit,
        @Nullable ShareView share,
        int waiting) {

    /**
     * @param state {@code closed}, {@code open} or {@code half-open}
     * @param failureRate of the latest calls; of those that opened it, while it is not closed
     * @param openUntil only while it is open
     */
    @RegisterForReflection
    public record BreakerView(
            String state,
            Instant since,
            double failureRate,
            double slowRate,
            @Nullable Instant openUntil) {}

    /**
     * @param left how many retries may begin now
     * @param ratio what each first attempt adds
     * @param perSecond what each second adds
     */
    @RegisterForReflection
    public record BudgetView(int left, double ratio, double perSecond) {}

    /**
     * @param calls how many, in any stretch of {@code per}; absent without a limit
     * @param left how many may begin now
     * @param pausedUntil while whoever is called has asked to be left alone
     */
    @RegisterForReflection
    public record RateView(
            @Nullable Integer calls,
            @Nullable Duration per,
            @Nullable Integer left,
            @Nullable Instant pausedUntil) {}

    /**
     * @param inFlight calls that are permitted and have not ended
     * @param inFlightLimit how many there may be, as long as others have as many as they have
     * @param contentBytes how much content they hold in memory
     * @param contentBytesLimit how much they may, likewise
     */
    @RegisterForReflection
    public record ShareView(int inFlight, int inFlightLimit, long contentBytes, long contentBytesLimit) {}

    static ChannelView of(Standing standing) {
        return new ChannelView(
                standing.name().channel(),
                standing.name().kind().wireName(),
                standing.name().name(),
                breaker(standing.breaker()),
                budget(standing.budget()),
                rate(standing.rate()),
                standing.inFlight(),
                standing.limit(),
                share(standing.share()),
                standing.waiting());
    }

    /** A place in the list: channels and providers first, then receivers, which may come and go. */
    static UUID place(Standing standing) {
        var name = standing.name();
        if (name.isWidest()) {
            return new UUID(0, Math.floorMod(name.channel().hashCode(), 1L << 32));
        }
        return UUID.nameUUIDFromBytes((name.kind() + "\n" + name.name()).getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable BreakerView breaker(Standing.@Nullable BreakerStanding breaker) {
        return breaker == null
                ? null
                : new BreakerView(
                        breaker.state().wireName(),
                        breaker.since(),
                        rounded(breaker.failureRate()),
                        rounded(breaker.slowRate()),
                        breaker.openUntil());
    }

    private static double rounded(double rate) {
        return Math.round(rate * 1_000) / 1e3;
    }

    private static @Nullable BudgetView budget(Standing.@Nullable BudgetStanding budget) {
        return budget == null
                ? null
                : new BudgetView(
                        budget.left(), budget.limits().ratio(), budget.limits().floorPerSecond());
    }

    private static @Nullable ShareView share(Standing.@Nullable ShareStanding share) {
        return share == null
                ? null
                : new ShareView(share.calls(), share.mostCalls(), share.contentBytes(), share.mostContentBytes());
    }

    private static @Nullable RateView rate(Standing.@Nullable RateStanding standing) {
        if (standing == null) {
            return null;
        }
        var rate = standing.rate();
        return new RateView(
                rate == null ? null : rate.calls(),
                rate == null ? null : rate.per(),
                standing.left(),
                standing.pausedUntil());
    }
}
