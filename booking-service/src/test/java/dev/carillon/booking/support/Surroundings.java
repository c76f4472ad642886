package dev.carillon.booking.support;

import dev.carillon.kit.testing.identity.Issuer;
import dev.carillon.kit.testing.quarkus.Broker;
import dev.carillon.kit.testing.quarkus.ServiceDatabase;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Real PostgreSQL and Kafka, and an issuer of tokens. One for nearly all tests, so that the service starts once. */
public class Surroundings implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        var settings = new HashMap<>(Map.of(
                "quarkus.http.test-port", "0",
                "quarkus.otel.sdk.disabled", "false",
                "carillon.timer.lease", "PT2S",
                "carillon.booking.offer", "PT8S",
                "carillon.booking.waitlist-sweep", "PT0.5S"));
        settings.putAll(TelegramStandIn.settings());
        return settings;
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(
                new TestResourceEntry(ServiceDatabase.class, Map.of("name", "booking")),
                new TestResourceEntry(Broker.class),
                new TestResourceEntry(Issuer.class),
                new TestResourceEntry(TelegramStandIn.Place.class));
    }
}
