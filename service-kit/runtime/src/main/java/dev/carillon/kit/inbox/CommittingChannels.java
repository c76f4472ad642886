package dev.carillon.kit.inbox;

import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;

/** The channels whose consumers commit how far they are, and how each is configured: not those that follow a topic from its start every time. */
@ApplicationScoped
public class CommittingChannels {
    private final KafkaClientService clients;
    private final Config config;

    public CommittingChannels(KafkaClientService clients, Config config) {
        this.clients = clients;
        this.config = config;
    }

    Stream<String> names() {
        return clients.getConsumerChannels().stream().filter(channel -> !setting(channel, "commit-strategy")
                .filter("ignore"::equals)
                .isPresent());
    }

    Stream<String> topics() {
        return names().map(channel -> setting(channel, "topic").orElse(channel));
    }

    /** As the channel itself has it; what all channels have in common is not looked at. */
    Optional<String> setting(String channel, String name) {
        return config.getOptionalValue("mp.messaging.incoming." + channel + "." + name, String.class);
    }
}
