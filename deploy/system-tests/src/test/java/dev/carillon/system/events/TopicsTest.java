package dev.carillon.system.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.kafka.Topic;
import dev.carillon.local.ServiceName;
import dev.carillon.system.stack.TestStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TopicsTest {

    private static final String INCOMING = "mp.messaging.incoming.";
    private static final Pattern WRITTEN = Pattern.compile("TOPIC = \"(carillon\\.[a-z0-9.-]+)\"");

    @Test
    void every_topic_that_a_service_reads_is_made_and_so_is_that_of_its_dead_letters() {
        assertThat(topicsRead()).isNotEmpty().allSatisfy(topic -> assertThat(made())
                .contains(topic));
    }

    @Test
    void every_topic_that_a_service_writes_is_made() {
        assertThat(topicsWritten()).hasSizeGreaterThanOrEqualTo(8).allSatisfy(topic -> assertThat(made())
                .contains(topic));
    }

    @Test
    void no_topic_is_made_that_no_service_reads_or_writes() {
        Set<String> needed =
                Stream.concat(topicsRead().stream(), topicsWritten().stream()).collect(Collectors.toSet());

        assertThat(made()).isNotEmpty().allSatisfy(topic -> assertThat(needed).contains(topic));
    }

    private static Set<String> made() {
        return Topic.allOfCarillon().stream().map(Topic::name).collect(Collectors.toSet());
    }

    /** With those of dead letters. */
    private static Set<String> topicsRead() {
        return Arrays.stream(ServiceName.values())
                .map(service -> sources(service).resolve("resources"))
                .map(TopicsTest::settings)
                .flatMap(TopicsTest::read)
                .collect(Collectors.toSet());
    }

    /** As the classes that make events name them. */
    private static Set<String> topicsWritten() {
        return Arrays.stream(ServiceName.values())
                .flatMap(service -> texts(sources(service).resolve("java")))
                .flatMap(text -> WRITTEN.matcher(text).results())
                .map(topic -> topic.group(1))
                .collect(Collectors.toSet());
    }

    private static Path sources(ServiceName service) {
        return TestStack.root().resolve(service.module()).resolve("src/main");
    }

    private static Stream<String> texts(Path folder) {
        try (var files = Files.walk(folder)) {
            List<Path> sources =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            return sources.stream().map(TopicsTest::text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
