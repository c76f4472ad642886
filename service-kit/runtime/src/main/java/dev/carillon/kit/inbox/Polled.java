package dev.carillon.kit.inbox;

import dev.carillon.kit.event.Event;
import dev.carillon.kit.event.EventHeaders;
import dev.carillon.kit.event.EventHeaders.UnreadableEvent;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** A record of a batch, and what could be read of its envelope. */
sealed interface Polled {
    int UUID_BY_TIME = 7;

    ConsumerRecord<String, byte[]> source();

    record Readable(ConsumerRecord<String, byte[]> source, Event event) implements Polled {}

    record Unreadable(ConsumerRecord<String, byte[]> source, RuntimeException why) implements Polled {}

    static Polled of(ConsumerRecord<String, byte[]> source) {
        try {
            var event = EventHeaders.read(source);
            if (event.id().version() != UUID_BY_TIME) {
                throw new UnreadableEvent("ce_id is not a UUID of version 7, so that its day is not known");
            }
            return new Readable(source, event);
        } catch (RuntimeException failure) {
            // Not only what is known to be unreadable: a record that fails the channel would be read again for ever.
            return new Unreadable(source, failure);
        }
    }

    default TopicPartition partition() {
        return new TopicPartition(source().topic(), source().partition());
    }
}
