package dev.carillon.delivery.containment;

import dev.carillon.delivery.containment.RateLimit.Rate;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that containment is told.
 *
 * @param channelCalls how many calls of a channel may be open at once
 * @param receiverCalls how many of them to one receiver, or to one provider
 * @param paces by channel
 * @param rates of what has one
 * @param ownBots tenants whose messages go to Telegram by a bot of their own, with all that is a bot's
 * @param pause how long one is left alone that asks for it without saying how long
 * @param longestPause how long at most everything to one that asks for longer waits
 * @param contentBytes how much content the open calls may hold in memory
 * @param receivers how many receivers, and how many chats, are remembered at once
 */
public record Limits(
        Breaker.Limits breaker,
        RetryBudget.Limits retryBudget,
        int channelCalls,
        int receiverCalls,
        Map<String, Pace> paces,
        Rates rates,
        Set<String> ownBots,
        Duration pause,
        Duration longestPause,
        long contentBytes,
        int receivers) {

    /**
     * How a channel calls.
     *
     * @param connections how many calls it makes at once to one receiver
     * @param timeout what a call may take
     */
    public record Pace(int connections, Duration timeout) {}

    /** This process's share of what each of them takes; null for no limit. */
    public record Rates(
            @Nullable Rate email,
            @Nullable Rate telegram,
            @Nullable Rate telegramChat,
            @Nullable Rate telegramGroup,
            @Nullable Rate endpoint) {}

    /** @throws IllegalArgumentException for what would let nothing pass */
    public Limits {
        if (!pause.isPositive() || longestPause.compareTo(pause) < 0 || contentBytes < 1 || receivers < 1) {
            throw new IllegalArgumentException(
                    "a pause is above zero and no longer than the longest, and memory for content and receivers is needed");
        }
        paces = Map.copyOf(paces);
        ownBots = Set.copyOf(ownBots);
    }
}
