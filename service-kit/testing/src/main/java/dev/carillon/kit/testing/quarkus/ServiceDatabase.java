package dev.carillon.kit.testing.quarkus;

import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.postgres.PostgresServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.Map;

/**
 * A database of its own for a service under test, empty, and the role {@code relay} beside it. The argument {@code name} is the
 * service's ({@code scheduler}, …). Gives {@code carillon.database.host}, {@code .port}, {@code .name}, {@code .user} and
 * {@code .password}; and for tests of the relay itself {@code carillon.testing.relay.user} and {@code .password}.
 */
public final class ServiceDatabase implements QuarkusTestResourceLifecycleManager {

    private String name = "service";

    @Override
    public void init(Map<String, String> arguments) {
        name = arguments.getOrDefault("name", name);
    }

    @Override
    public Map<String, String> start() {
        PostgresServer server = PostgresServer.shared();
        Database database = server.createFreshDatabase(name);
        Database relay = server.asRelay(database);
        var properties = new HashMap<String, String>();
        properties.put("carillon.database.host", database.host());
        properties.put("carillon.database.port", Integer.toString(database.port()));
        properties.put("carillon.database.name", database.name());
        properties.put("carillon.database.user", database.user());
        properties.put("carillon.database.password", database.password());
        properties.put("carillon.testing.relay.user", relay.user());
        properties.put("carillon.testing.relay.password", relay.password());
        return properties;
    }

    /** The server ends with the JVM, and its databases with it. */
    @Override
    public void stop() {}
}
