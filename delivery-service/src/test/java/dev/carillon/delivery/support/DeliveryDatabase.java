package dev.carillon.delivery.support;

import dev.carillon.kit.testing.contract.EventContract;
import dev.carillon.kit.testing.postgres.PostgresServer;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/** The database of the service under test, seen from beside it. */
public final class DeliveryDatabase {

    /** An event in the outbox. */
    public record Told(String type, long version, JsonObject payload) {}

    /** What was told about a message, in order, each held against its documented schema; the types without their prefix and version. */
    public List<Told> told(UUID messageId) {
        try (var connection = connect();
                var query = connection.prepareStatement(
                        "SELECT type, version, convert_from(payload, 'UTF8') FROM outbox_event WHERE record_key = ? ORDER BY seq")) {
            query.setString(1, messageId.toString());
            var told = new ArrayList<Told>();
            for (var rows = query.executeQuery(); rows.next(); ) {
                var type = rows.getString(1).replaceAll("carillon\\.delivery\\.(.*)\\.v1", "$1");
                told.add(new Told(
                        type,
                        rows.getLong(2),
                        new JsonObject(EventContract.of(rows.getString(1)).check(rows.getString(3)))));
            }
            return told;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public List<String> types(UUID messageId) {
        return told(messageId).stream().map(Told::type).toList();
    }

    /** What state the delivery of a message is in; null while there is none. */
    public @Nullable String status(UUID messageId) {
        return texts("SELECT status FROM delivery WHERE message_id = ?", messageId).stream()
                .findFirst()
                .orElse(null);
    }

    /** The first column of what a query finds. */
    public List<String> texts(String sql, Object... parameters) {
        try (var connection = connect();
                var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            var found = new ArrayList<String>();
            for (var rows = statement.executeQuery(); rows.next(); ) {
                found.add(rows.getString(1));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What was told about an endpoint, in order, each held against its documented schema; the types without their prefix and version. */
    public List<String> toldOfEndpoint(String id) {
        var told = told(UUID.fromString(id));
        return told.stream()
                .map(one -> one.type().replaceAll("carillon\\.endpoint\\.(.*)\\.v1", "$1"))
                .toList();
    }

    public void execute(String sql, Object... parameters) {
        try (var connection = connect()) {
            run(connection, sql, parameters);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(Connection connection, String sql, Object... parameters) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.execute();
        }
    }

    /** A transaction beside the service's: what it has locked or changed, it keeps so until it is closed, and that commits it. */
    public Open open(String sql, Object... parameters) {
        try {
            var connection = connect();
            connection.setAutoCommit(false);
            run(connection, sql, parameters);
            return new Open(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** See {@link #open}. */
    public static final class Open implements AutoCloseable {
        private final Connection connection;

        private Open(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void close() {
            try (connection) {
                connection.commit();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Whether a statement of this pattern waits for somebody's lock. */
    public boolean isLockedOut(String statement) {
        var sql = "SELECT pid::text FROM pg_stat_activity"
                + " WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE ?";
        return !texts(sql, statement).isEmpty();
    }

    /** Nobody gets in any more, and whoever is in is thrown out. */
    public void goAway() {
        administer("ALTER DATABASE \"" + name() + "\" ALLOW_CONNECTIONS false");
        administer("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name() + "'");
    }

    public void comeBack() {
        administer("ALTER DATABASE \"" + name() + "\" ALLOW_CONNECTIONS true");
    }

    private static void administer(String sql) {
        try (var connection = PostgresServer.shared().administration().connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Connection connect() throws SQLException {
        var url = "jdbc:postgresql://%s:%s/%s".formatted(config("host"), config("port"), name());
        return DriverManager.getConnection(url, config("user"), config("password"));
    }

    private static String name() {
        return config("name");
    }

    private static String config(String name) {
        return ConfigProvider.getConfig().getValue("carillon.database." + name, String.class);
    }
}
