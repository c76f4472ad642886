package dev.carillon.kit.inbox;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/** The flood breaker of each partition that this instance has read, and those that are paused. */
@ApplicationScoped
public class Floods {
    private static final Logger LOG = Logger.getLogger(Floods.class);

    /** @param error of one of the records that fail */
    record Paused(String consumer, TopicPartition partition, Instant since, String error) {}

    private record Where(String consumer, TopicPartition partition) {}

    private final InboxSettings settings;
    private final InboxMetrics metrics;
    private final Map<Where, FloodBreaker> breakers = new ConcurrentHashMap<>();
    private final Map<Where, Paused> paused = new ConcurrentHashMap<>();

    public Floods(InboxSettings settings, InboxMetrics metrics) {
        this.settings = settings;
        this.metrics = metrics;
    }

    FloodBreaker of(String consumer, TopicPartition partition) {
        var where = new Where(consumer, partition);
        var known = breakers.get(where);
        if (known != null) {
            return known;
        }
        var breaker = breakers.computeIfAbsent(where, one -> new FloodBreaker(settings.flood()));
        tell();
        return breaker;
    }

    /** Also of those that are not paused: a series that is there says more than one that is not. */
    private void tell() {
        metrics.paused(breakers.keySet().stream()
                .map(where -> new InboxMetrics.Reading(where.consumer, where.partition, paused.containsKey(where)))
                .toList());
    }

    /** Said once, however often it is tried again. */
    void pause(String consumer, TopicPartition partition, int waiting, String error) {
        var one = new Paused(consumer, partition, Instant.now(), error);
        if (paused.putIfAbsent(new Where(consumer, partition), one) == null) {
            tell();
            LOG.errorf(
                    "%s: %s is paused, since most of its records fail; %d wait and are tried again, none becomes a dead letter: %s",
                    consumer, partition, waiting, error);
        }
    }

    void resume(String consumer, TopicPartition partition) {
        var was = paused.remove(new Where(consumer, partition));
        if (was != null) {
            tell();
            LOG.infof("%s: %s goes on, it was paused since %s", consumer, partition, was.since);
        }
    }

    List<Paused> paused() {
        return List.copyOf(paused.values());
    }
}
