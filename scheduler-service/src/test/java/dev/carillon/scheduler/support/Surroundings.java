package dev.carillon.scheduler.support;

import dev.carillon.kit.testing.identity.Issuer;
import dev.carillon.kit.testing.quarkus.Broker;
import dev.carillon.kit.testing.quarkus.ServiceDatabase;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/** Real PostgreSQL and Kafka, an issuer of tokens, and waits short enough for tests. One for all tests, so that the scheduler starts once. */
public final class Surroundings implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "quarkus.http.test-port", "0",
                "quarkus.otel.sdk.disabled", "false",
                "carillon.scheduler.lead", "PT20S",
                "carillon.scheduler.restage-after", "PT2S",
                "carillon.scheduler.recall-patience", "PT4S",
                "carillon.timer.lease", "PT2S",
                "carillon.scheduler.senders.writers", "me@b.c,@example.org");
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(
                new TestResourceEntry(ServiceDatabase.class, Map.of("name", "scheduler")),
                new TestResourceEntry(Broker.class),
                new TestResourceEntry(Issuer.class));
    }
}
