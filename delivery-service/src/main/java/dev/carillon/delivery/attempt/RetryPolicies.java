package dev.carillon.delivery.attempt;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The retry policy of each channel: its own, or the one that all share that have none. */
public final class RetryPolicies {
    private static final String SETTING = "carillon.delivery.retry";

    private final RetryPolicy shared;
    private final Map<String, RetryPolicy> own;

    private RetryPolicies(RetryPolicy shared, Map<String, RetryPolicy> own) {
        this.shared = shared;
        this.own = own;
    }

    /**
     * @param waits of the channels that have none of their own, as {@link RetryPolicy#parse} has them
     * @param own those that a channel has of its own, by its name
     * @param channels the names of all
     * @throws IllegalArgumentException for a wait that is none, or a channel that is none; the message names the setting
     */
    public static RetryPolicies parse(List<String> waits, Map<String, List<String>> own, Collection<String> channels) {
        var policies = new TreeMap<String, RetryPolicy>();
        own.forEach((channel, its) -> {
            var setting = SETTING + ".channels." + channel;
            if (!channels.contains(channel)) {
                throw new IllegalArgumentException("%s: no channel is named %s; there are %s"
                        .formatted(setting, channel, String.join(", ", channels)));
            }
            policies.put(channel, parse(setting + ".waits", its));
        });
        return new RetryPolicies(parse(SETTING + ".waits", waits), policies);
    }

    private static RetryPolicy parse(String setting, List<String> waits) {
        try {
            return RetryPolicy.parse(waits);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(setting + ": " + malformed.getMessage(), malformed);
        }
    }

    public RetryPolicy of(String channel) {
        return own.getOrDefault(channel, shared);
    }
}
