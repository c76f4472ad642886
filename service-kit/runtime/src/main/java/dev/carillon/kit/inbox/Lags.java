package dev.carillon.kit.inbox;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * How far groups are behind, as it was last found. What is found of a channel takes the place of all that was found of it before, so that a partition that
 * is taken away is gone; and what is old is not known any more, so that a consumer that stopped, or a broker that does not answer, leaves no number behind.
 */
final class Lags {
    /** A partition, as seen by a group. */
    record Where(String group, TopicPartition partition) {}

    private record Found(long askedAt, Map<Where, Long> lags) {}

    private final Duration goodFor;
    private final Map<String, Found> byChannel = new HashMap<>();

    /** @param goodFor for how long after its question an answer is taken for true */
    Lags(Duration goodFor) {
        this.goodFor = goodFor;
    }

    /**
     * The answer to an earlier question than the last one is left out.
     *
     * @param askedAt as {@link System#nanoTime()} tells
     */
    synchronized void found(String channel, long askedAt, Map<Where, Long> lags) {
        var before = byChannel.get(channel);
        if (before == null || askedAt - before.askedAt > 0) {
            byChannel.put(channel, new Found(askedAt, lags));
        }
    }

    /** @param now as {@link System#nanoTime()} tells */
    synchronized Map<Where, Long> known(long now) {
        Map<Where, Long> known = new HashMap<>();
        for (var found : byChannel.values()) {
            if (now - found.askedAt <= goodFor.toNanos()) {
                known.putAll(found.lags);
            }
        }
        return known;
    }
}
