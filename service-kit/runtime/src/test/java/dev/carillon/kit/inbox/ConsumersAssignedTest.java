package dev.carillon.kit.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

class ConsumersAssignedTest {
    private static final Consumer<?, ?> ANY = new MockConsumer<String, byte[]>("earliest");

    private final AssignedTopics assigned = new AssignedTopics();
    private final ConsumersAssigned readiness =
            new ConsumersAssigned(new CommittingChannels(channels("orders", "refunds", "keys"), config()), assigned);

    @Test
    void who_has_no_partition_of_a_topic_yet_is_not_ready_and_says_of_which() {
        assign("shop.orders");
        assertThat(readiness.call().getStatus()).isEqualTo(Status.DOWN);
        assertThat(readiness.call().getData())
                .hasValueSatisfying(data -> assertThat(data).containsOnlyKeys("refunds"));
    }

    @Test
    void the_first_answer_of_a_group_may_hold_none() {
        assigned.onPartitionsAssigned(ANY, List.of());
        assertThat(readiness.call().getStatus()).isEqualTo(Status.DOWN);
    }

    @Test
    void who_has_had_one_of_each_is_ready_whatever_is_taken_away_and_without_what_is_followed_from_its_start() {
        assign("shop.orders");
        assign("refunds");
        assigned.onPartitionsRevoked(ANY, List.of(new TopicPartition("refunds", 0)));
        assertThat(readiness.call().getStatus()).isEqualTo(Status.UP);
        assertThat(readiness.call().getData()).isEmpty();
    }

    private void assign(String topic) {
        assigned.onPartitionsAssigned(ANY, List.of(new TopicPartition(topic, 0)));
    }

    /** The topic of a channel is called as the channel is, where it is not said. */
    private static Config config() {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(
                        Map.of(
                                "mp.messaging.incoming.orders.topic", "shop.orders",
                                "mp.messaging.incoming.keys.topic", "shop.keys",
                                "mp.messaging.incoming.keys.commit-strategy", "ignore"),
                        "channels",
                        100))
                .build();
    }

    private static KafkaClientService channels(String... names) {
        return (KafkaClientService) Proxy.newProxyInstance(
                KafkaClientService.class.getClassLoader(),
                new Class<?>[] {KafkaClientService.class},
                (proxy, method, arguments) -> Set.of(names));
    }
}
