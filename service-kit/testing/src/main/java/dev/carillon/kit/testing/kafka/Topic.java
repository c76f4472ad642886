package dev.carillon.kit.testing.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** A topic as the deployment creates it. */
public record Topic(String name, int partitions, Map<String, String> settings) {

    private static final int PARTITIONS = 6;

    /** As long as an inbox counts on redrives: {@code carillon.inbox.redrive-horizon}. */
    private static final Duration DEAD_LETTERS_KEPT = Duration.ofDays(14);

    public Topic {
        settings = Map.copyOf(settings);
    }

    /** With the six partitions of the local stack. */
    public static Topic named(String name) {
        return new Topic(name, PARTITIONS, Map.of());
    }

    /** One partition, and only the newest record of each key is kept. */
    public static Topic compacted(String name) {
        return new Topic(name, 1, Map.of("cleanup.policy", "compact"));
    }

    /** Its records can be redriven for two weeks, whatever the broker keeps others for. */
    public static Topic deadLetters(String name) {
        return new Topic(name, PARTITIONS, Map.of("retention.ms", Long.toString(DEAD_LETTERS_KEPT.toMillis())));
    }

    /** Every topic that Carillon's services read or write, dead letters included. */
    public static Collection<Topic> allOfCarillon() {
        Stream<Topic> plain = Stream.of(
                        "carillon.message.staged.v1",
                        "carillon.message.events.v1",
                        "carillon.delivery.events.v1",
                        "carillon.endpoint.events.v1",
                        "carillon.booking.events.v1",
                        "carillon.waitlist.events.v1",
                        "carillon.slot.events.v1")
                .map(Topic::named);
        Stream<Topic> deadLetters = Stream.of(
                        "carillon.message.staged.v1.delivery.dlq",
                        "carillon.delivery.events.v1.scheduler.dlq",
                        "carillon.booking.events.v1.scheduler.dlq",
                        "carillon.message.events.v1.booking.dlq",
                        "carillon.message.events.v1.delivery.dlq")
                .map(Topic::deadLetters);
        return Stream.of(plain, deadLetters, Stream.of(compacted("carillon.api-keys.v1")))
                .flatMap(Function.identity())
                .toList();
    }
}
