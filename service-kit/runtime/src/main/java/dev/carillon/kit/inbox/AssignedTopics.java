package dev.carillon.kit.inbox;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * The topics of which this instance has been assigned a partition since it started. It is told, and asks nobody: to ask a consumer is to wait until its poll
 * ends.
 */
@Identifier(AssignedTopics.NAME) @ApplicationScoped
public class AssignedTopics implements KafkaConsumerRebalanceListener {
    /** As {@code consumer-rebalance-listener.name} has it. */
    static final String NAME = "assigned-topics";

    private final Set<String> topics = ConcurrentHashMap.newKeySet();

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        partitions.forEach(one -> topics.add(one.topic()));
    }

    boolean has(String topic) {
        return topics.contains(topic);
    }
}
