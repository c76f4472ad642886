package dev.carillon.kit.inbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import org.apache.kafka.common.TopicPartition;

/** What consumers did, in numbers: {@code carillon.inbox.*}. */
@ApplicationScoped
public class InboxMetrics {
    private final MeterRegistry meters;
    private final MultiGauge paused;

    public InboxMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.paused = MultiGauge.builder("carillon.inbox.paused")
                .description("1 while a partition is paused because most of its records fail, otherwise 0")
                .register(meters);
    }

    void applied(String consumer, String topic, int fresh, int duplicates) {
        counter("carillon.inbox.applied", "Events that had their effect", consumer, topic)
                .increment(fresh);
        counter("carillon.inbox.duplicates", "Events that came again and had none", consumer, topic)
                .increment(duplicates);
    }

    void deadLetter(String group, String topic, Reason reason) {
        Counter.builder("carillon.inbox.dead.letters")
                .description("Records that were given up")
                .tags("consumer", group, "topic", topic, "reason", reason.wireName())
                .register(meters)
                .increment();
    }

    /** A partition that this instance has read. */
    record Reading(String consumer, TopicPartition partition, boolean paused) {}

    void paused(Collection<Reading> now) {
        paused.register(
                now.stream()
                        .map(one -> MultiGauge.Row.of(
                                Tags.of(
                                        "consumer", one.consumer(),
                                        "topic", one.partition().topic(),
                                        "partition",
                                                Integer.toString(one.partition().partition())),
                                one.paused() ? 1 : 0))
                        .toList(),
                true);
    }

    private Counter counter(String name, String what, String consumer, String topic) {
        return Counter.builder(name)
                .description(what)
                .tags("consumer", consumer, "topic", topic)
                .register(meters);
    }
}
