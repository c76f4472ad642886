package dev.carillon.delivery.support;

import dev.carillon.kit.testing.identity.Issuer;
import dev.carillon.kit.testing.quarkus.Broker;
import dev.carillon.kit.testing.quarkus.ServiceDatabase;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/** Delivery on a real database and broker, with retries that do not take minutes. */
public final class ShortWaits implements QuarkusTestProfile {
    /** The tenant that has a Telegram bot of its own. */
    public static final String WITH_A_BOT = "with-a-bot";

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.ofEntries(
                Map.entry("carillon.delivery.retry.waits", "PT0.5S,PT0.5S"),
                Map.entry("carillon.containment.breaker.first-open", "PT2S"),
                Map.entry("carillon.containment.breaker.longest-open", "PT3S"),
                Map.entry("carillon.webhook.secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                Map.entry("carillon.webhook.allowed-cidrs", "127.0.0.0/8"),
                Map.entry("carillon.webhook.timeout", "PT6S"),
                Map.entry("carillon.secrets.key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
                Map.entry("carillon.endpoints.most", "4"),
                Map.entry("carillon.endpoints.least-failures", "2"),
                Map.entry("carillon.endpoints.disable-after", "PT10S"),
                Map.entry("carillon.endpoints.replay-rate", "10"),
                Map.entry("carillon.endpoints.most-held", "15"),
                Map.entry("carillon.telegram.token", "1:test"),
                Map.entry("carillon.telegram.bots.own.token", "2:test"),
                Map.entry("carillon.telegram.bots.own.tenant", WITH_A_BOT),
                Map.entry("carillon.smtp.from", "Carillon <carillon@example.org>"),
                Map.entry("quarkus.http.test-port", "0"));
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(
                new TestResourceEntry(ServiceDatabase.class, Map.of("name", "delivery")),
                new TestResourceEntry(Broker.class),
                new TestResourceEntry(Issuer.class),
                new TestResourceEntry(ProviderPorts.class));
    }
}
