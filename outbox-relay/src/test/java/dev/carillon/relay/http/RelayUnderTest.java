package dev.carillon.relay.http;

import dev.carillon.kit.testing.kafka.KafkaServer;
import dev.carillon.relay.source.OutboxFixture;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.Map;

/** A source {@code scheduler} with an outbox, and Kafka. */
public final class RelayUnderTest implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        try (var outbox = new OutboxFixture()) {
            var relay = outbox.forRelay();
            Map<String, String> settings = new HashMap<>();
            settings.put("kafka.bootstrap.servers", KafkaServer.shared().bootstrapServers());
            settings.put("carillon.relay.sources.scheduler.host", relay.host());
            settings.put("carillon.relay.sources.scheduler.port", Integer.toString(relay.port()));
            settings.put("carillon.relay.sources.scheduler.database", relay.name());
            settings.put("carillon.relay.sources.scheduler.user", relay.user());
            settings.put("carillon.relay.sources.scheduler.password", relay.password());
            settings.put("test.outbox.name", outbox.owner().name());
            settings.put("test.outbox.user", outbox.owner().user());
            settings.put("test.outbox.password", outbox.owner().password());
            settings.put("carillon.operators-tenant", "platform");
            settings.put("quarkus.http.test-port", "0");
            return settings;
        }
    }

    /** The servers end with the JVM. */
    @Override
    public void stop() {}
}
