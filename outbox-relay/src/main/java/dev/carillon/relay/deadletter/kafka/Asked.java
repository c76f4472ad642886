package dev.carillon.relay.deadletter.kafka;

import dev.carillon.relay.deadletter.Backlog;
import dev.carillon.relay.deadletter.Backlog.Span;
import dev.carillon.relay.deadletter.DeadLetterTopic;
import dev.carillon.relay.deadletter.DeadLetters.Unavailable;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What is asked of the broker about topics and groups. */
final class Asked implements AutoCloseable {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    private final Admin admin;

    Asked(Map<String, Object> kafka) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN.toMillis());
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN.toMillis());
        this.admin = Admin.create(settings);
    }

    /** The broker's own refusal. */
    static final class Refused extends Exception {
        Refused(Throwable why) {
            super(why);
        }
    }

    List<DeadLetterTopic> topics() {
        return answer(admin.listTopics().names()).stream()
                .sorted()
                .flatMap(name -> DeadLetterTopic.named(name).stream())
                .toList();
    }

    List<TopicPartition> partitions(DeadLetterTopic topic) throws Refused {
        return answerOrRefusal(admin.describeTopics(List.of(topic.name())).allTopicNames()).values().stream()
                .flatMap(described -> described.partitions().stream())
                .map(one -> new TopicPartition(topic.name(), one.partition()))
                .toList();
    }

    Backlog backlog(DeadLetterTopic topic, List<TopicPartition> partitions) {
        var starts = offsets(partitions, OffsetSpec.earliest());
        var ends = offsets(partitions, OffsetSpec.latest());
        var committed = committed(topic);
        var spans = new TreeMap<Integer, Span>();
        for (var one : partitions) {
            long start = starts.getOrDefault(one, 0L);
            long end = ends.getOrDefault(one, start);
            var offset = committed.get(one);
            long next = offset == null ? start : Math.clamp(offset.offset(), start, end);
            spans.put(one.partition(), new Span(start, next, end));
        }
        return new Backlog(topic, spans);
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec spec) {
        var found = new HashMap<TopicPartition, Long>();
        answer(admin.listOffsets(partitions.stream().collect(Collectors.toMap(Function.identity(), one -> spec)))
                        .all())
                .forEach((partition, info) -> found.put(partition, info.offset()));
        return found;
    }

    Map<TopicPartition, OffsetAndMetadata> committed(DeadLetterTopic topic) {
        var all = answer(admin.listConsumerGroupOffsets(topic.redriveGroup()).partitionsToOffsetAndMetadata());
        var found = new HashMap<TopicPartition, OffsetAndMetadata>();
        all.forEach((partition, offset) -> {
            if (offset != null && partition.topic().equals(topic.name())) {
                found.put(partition, offset);
            }
        });
        return found;
    }

    boolean hasMembers(DeadLetterTopic topic) {
        try {
            return answerOrRefusal(admin.describeConsumerGroups(List.of(topic.redriveGroup()))
                            .all())
                    .values()
                    .stream()
                    .anyMatch(group -> !group.members().isEmpty());
        } catch (Refused refused) {
            if (refused.getCause() instanceof GroupIdNotFoundException) {
                return false;
            }
            throw new Unavailable("Kafka does not answer", refused);
        }
    }

    /** @throws Refused while the group has members */
    void commit(DeadLetterTopic topic, Map<TopicPartition, OffsetAndMetadata> offsets) throws Refused {
        answerOrRefusal(
                admin.alterConsumerGroupOffsets(topic.redriveGroup(), offsets).all());
    }

    /** @throws Refused when there is no member any more */
    void removeMembers(DeadLetterTopic topic) throws Refused {
        answerOrRefusal(
                admin.removeMembersFromConsumerGroup(topic.redriveGroup(), new RemoveMembersFromConsumerGroupOptions())
                        .all());
    }

    static boolean isMissing(Refused refused) {
        return refused.getCause() instanceof UnknownTopicOrPartitionException;
    }

    private static <T> T answer(KafkaFuture<T> future) {
        try {
            return answerOrRefusal(future);
        } catch (Refused refused) {
            throw new Unavailable("Kafka does not answer: " + refused.getCause(), refused);
        }
    }

    /** @throws Unavailable when there is no answer in time: what was asked for may have been done, or not */
    static <T> T answerOrRefusal(KafkaFuture<T> future) throws Refused {
        try {
            return future.get();
        } catch (ExecutionException failure) {
            var why = failure.getCause() == null ? failure : failure.getCause();
            if (why instanceof TimeoutException) {
                throw new Unavailable("Kafka does not answer: " + why, why);
            }
            throw new Refused(why);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted", interrupted);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
