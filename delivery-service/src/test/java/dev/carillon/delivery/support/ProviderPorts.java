package dev.carillon.delivery.support;

import dev.carillon.kit.testing.process.FreePort;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** Settles where a test's own SMTP relay and Bot API will listen. */
public final class ProviderPorts implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        return Map.of(
                "carillon.smtp.host",
                "127.0.0.1",
                "carillon.smtp.port",
                Integer.toString(FreePort.any()),
                "carillon.telegram.base-url",
                "http://127.0.0.1:" + FreePort.any());
    }

    @Override
    public void stop() {}
}
