package dev.carillon.system.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.local.ServiceName;
import dev.carillon.system.stack.TestStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class ConsumersTest {
    private static final String INCOMING = "mp.messaging.incoming.";

    @Test
    void every_consumer_with_an_inbox_is_set_so_that_nothing_is_lost_and_a_dead_one_is_missed_within_six_seconds() {
        var channels = Arrays.stream(ServiceName.values())
                .map(ConsumersTest::settings)
                .flatMap(settings -> channels(settings).stream().map(channel -> new Channel(channel, settings)))
                .toList();
        assertThat(channels).hasSizeGreaterThanOrEqualTo(4).allSatisfy(channel -> {
            // Read in batches, and committed when the effect is: never by a timer, nor by a strategy that calls a batch
            // that waits a failure.
            assertThat(channel.setting("batch")).isEqualTo("true");
            assertThat(channel.setting("commit-strategy")).isEqualTo("latest");
            assertThat(channel.setting("enable.auto.commit")).isNotEqualTo("true");
            assertThat(channel.setting("auto.offset.reset")).isEqualTo("earliest");
            assertThat(channel.setting("session.timeout.ms")).isEqualTo("6000");
            assertThat(channel.setting("heartbeat.interval.ms")).isEqualTo("1500");
            assertThat(channel.setting("partition.assignment.strategy")).endsWith(".CooperativeStickyAssignor");
        });
    }

    private record Channel(String name, Properties settings) {
        String setting(String setting) {
            return settings.getProperty(INCOMING + name + "." + setting, "");
        }
    }

    private static List<String> channels(Properties settings) {
        return settings.stringPropertyNames().stream()
                .filter(name -> name.startsWith(INCOMING) && name.endsWith(".group.id"))
                .map(name -> name.substring(INCOMING.length(), name.length() - ".group.id".length()))
                .toList();
    }

    private static Properties settings(ServiceName service) {
        var settings = new Properties();
        var file = TestStack.root().resolve(service.module()).resolve("src/main/resources/application.properties");
        try (var in = Files.newBufferedReader(file)) {
            settings.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return settings;
    }
}
