package dev.carillon.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.kafka.Topic;
import dev.carillon.local.ServiceName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TopicsTest {

    private static final String INCOMING = "mp.messaging.incoming.";

    @Test
    void every_topic_that_a_service_reads_is_made_and_so_is_that_of_its_dead_letters() {
        Set<String> made = Topic.allOfCarillon().stream().map(Topic::name).collect(Collectors.toSet());

        Stream<String> needed = Arrays.stream(ServiceName.values())
                .map(service -> TestStack.root().resolve(service.module()).resolve("src/main/resources"))
                .map(TopicsTest::settings)
                .flatMap(TopicsTest::read);

        assertThat(needed).isNotEmpty().allSatisfy(topic -> assertThat(made).contains(topic));
    }

    private static Stream<String> read(Properties settings) {
        return settings.stringPropertyNames().stream()
                .filter(name -> name.startsWith(INCOMING) && name.endsWith(".group.id"))
                .map(name -> name.substring(0, name.length() - ".group.id".length()))
                .flatMap(channel -> {
                    String topic = settings.getProperty(channel + ".topic");
                    return Stream.of(topic, topic + "." + settings.getProperty(channel + ".group.id") + ".dlq");
                });
    }

    private static Properties settings(Path folder) {
        var settings = new Properties();
        Path file = folder.resolve("application.properties");
        if (Files.exists(file)) {
            try (var in = Files.newBufferedReader(file)) {
                settings.load(in);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return settings;
    }
}
