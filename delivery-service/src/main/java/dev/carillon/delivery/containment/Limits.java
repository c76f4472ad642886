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
 * @param shares how much of the room for open calls and their content one may have
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
        Shares shares,
        int receivers) {

    /**
     * How a channel calls.
     *
     * @param connections how many calls it makes at once to one receiver
     * @param timeout what a call may take
     */
    public record Pace(int connections, Duration timeout) {
        /** @throws IllegalArgumentException for one by which nothing could be called */
        public Pace {
            if (connections < 1 || !timeout.isPositive()) {
                throw new IllegalArgumentException(
                        "a channel has at least one connection, and a timeout above zero, not %d and %s"
                                .formatted(connections, timeout));
            }
        }
    }

    /** This process's share of what each of them takes; null for no limit. */
    public record Rates(
            @Nullable Rate email,
            @Nullable Rate telegram,
            @Nullable Rate telegramChat,
            @Nullable Rate telegramGroup,
            @Nullable Rate endpoint) {}

    /**
     * Parts of a whole, 1 being all of it.
     *
     * @param receiver of what one receiver of a tenant holds and what is free in its channel, how much it may hold
     * @param tenant likewise, what one tenant may hold in a channel
     * @param channel of all memory for content, what each channel has for itself
     */
    public record Shares(double receiver, double tenant, double channel) {
        /** @throws IllegalArgumentException for what is no part */
        public Shares {
            if (!(receiver > 0 && receiver <= 1 && tenant > 0 && tenant <= 1)) {
                throw new IllegalArgumentException("a receiver's and a tenant's share are above 0 and at most 1");
            }
            if (!(channel >= 0 && channel < 1)) {
                throw new IllegalArgumentException("a channel's share is from 0 to less than 1");
            }
        }
    }

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
