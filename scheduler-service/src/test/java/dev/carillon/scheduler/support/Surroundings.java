package dev.carillon.scheduler.support;

import static java.util.Map.entry;

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
        return Map.ofEntries(
                entry("quarkus.http.test-port", "0"),
                entry("quarkus.otel.sdk.disabled", "false"),
                entry("carillon.scheduler.lead", "PT20S"),
                entry("carillon.scheduler.restage-after", "PT2S"),
                entry("carillon.scheduler.recall-patience", "PT4S"),
                entry("carillon.timer.lease", "PT2S"),
                entry("carillon.scheduler.senders.writers", "me@b.c,@example.org"),
                entry("carillon.body.patience", "PT5S"),
                // So that the limit of what may be in flight stays where it is.
                entry("carillon.limits.concurrency.slow", "PT1M"),
                entry("carillon.limits.tenants.thrifty.principal.rate", "0.01"),
                entry("carillon.limits.tenants.thrifty.principal.burst", "2"),
                entry("carillon.limits.tenants.thrifty.tenant.rate", "0.01"),
                entry("carillon.limits.tenants.thrifty.tenant.burst", "3"));
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(
                new TestResourceEntry(ServiceDatabase.class, Map.of("name", "scheduler")),
                new TestResourceEntry(Broker.class),
                new TestResourceEntry(Issuer.class));
    }
}
