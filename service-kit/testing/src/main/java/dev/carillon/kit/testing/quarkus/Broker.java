package dev.carillon.kit.testing.quarkus;

import dev.carillon.kit.testing.kafka.KafkaServer;
import dev.carillon.kit.testing.kafka.Topic;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A Kafka with every topic of Carillon. The argument {@code topics} names more, separated by commas. Gives
 * {@code kafka.bootstrap.servers}. Records of earlier tests in the same JVM stay in the topics: tests look for their own keys.
 */
public final class Broker implements QuarkusTestResourceLifecycleManager {

    private String moreTopics = "";

    @Override
    public void init(Map<String, String> arguments) {
        moreTopics = arguments.getOrDefault("topics", "");
    }

    @Override
    public Map<String, String> start() {
        KafkaServer server = KafkaServer.shared();
        server.createTopics(Topic.allOfCarillon());
        server.createTopics(Stream.of(moreTopics.split(","))
                .map(String::strip)
                .filter(topic -> !topic.isEmpty())
                .map(Topic::named)
                .toList());
        return Map.of("kafka.bootstrap.servers", server.bootstrapServers());
    }

    /** The broker ends with the JVM. */
    @Override
    public void stop() {}
}
