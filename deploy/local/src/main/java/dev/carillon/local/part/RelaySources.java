package dev.carillon.local.part;

import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.postgres.PostgresServer;
import dev.carillon.local.ServiceName;
import dev.carillon.local.state.Credentials;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The databases that the relay reads: those that have an outbox, because their service has run here at least once. A relay that
 * runs with fewer would leave a service's events where they are, in silence.
 */
final class RelaySources {

    private static final String FILE = "relay-sources";

    private final Stack stack;

    RelaySources(Stack stack) {
        this.stack = stack;
    }

    /** Writes down what the relay is started with. */
    void remember() {
        stack.folder().write(FILE, names());
    }

    /** Whether there are others now than the relay was started with. */
    boolean haveChanged() {
        return !stack.folder().lines(FILE).equals(names());
    }

    private List<String> names() {
        return present().stream().map(Database::name).toList();
    }

    /** Asks PostgreSQL, which must be running. */
    private List<Database> present() {
        return Arrays.stream(ServiceName.values())
                .filter(ServiceName::hasDatabase)
                .map(service -> asRelay(service.label()))
                .filter(RelaySources::hasOutbox)
                .toList();
    }

    Map<String, String> environment() {
        var environment = new LinkedHashMap<String, String>();
        for (Database source : present()) {
            String prefix = "CARILLON_RELAY_SOURCES_" + source.name().toUpperCase(Locale.ROOT) + "_";
            environment.put(prefix + "HOST", source.host());
            environment.put(prefix + "PORT", Integer.toString(source.port()));
            environment.put(prefix + "DATABASE", source.name());
            environment.put(prefix + "USER", source.user());
            environment.put(prefix + "PASSWORD", source.password());
        }
        return environment;
    }

    private Database asRelay(String name) {
        String password = stack.credentials().get(Credentials.RELAY_PASSWORD);
        return new Database(Stack.HOST, stack.ports().postgres(), name, PostgresServer.RELAY, password);
    }

    private static boolean hasOutbox(Database database) {
        try (var connection = database.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT to_regclass('public.outbox_event') IS NOT NULL")) {
            return rows.next() && rows.getBoolean(1);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot ask " + database, e);
        }
    }
}
