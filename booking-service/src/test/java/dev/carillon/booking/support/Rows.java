package dev.carillon.booking.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.eclipse.microprofile.config.ConfigProvider;

/** The rows of the service under test, for what no client can see or do. */
public final class Rows {
    private Rows() {}

    /** The number that a query gives. */
    public static long count(String sql, Object... parameters) {
        return run(sql, true, parameters);
    }

    /** How many rows a statement changed. */
    public static long change(String sql, Object... parameters) {
        return run(sql, false, parameters);
    }

    /** Keeps what a query locks until the connection is closed. */
    public static Connection lock(String sql, Object... parameters) throws SQLException {
        var connection = connect();
        connection.setAutoCommit(false);
        try (var statement = prepared(connection, sql, parameters)) {
            assertThat(statement.executeQuery().next()).isTrue();
        }
        return connection;
    }

    private static Connection connect() throws SQLException {
        var config = ConfigProvider.getConfig();
        var url = "jdbc:postgresql://%s:%s/%s"
                .formatted(
                        config.getValue("carillon.database.host", String.class),
                        config.getValue("carillon.database.port", String.class),
                        config.getValue("carillon.database.name", String.class));
        return DriverManager.getConnection(
                url,
                config.getValue("carillon.database.user", String.class),
                config.getValue("carillon.database.password", String.class));
    }

    private static PreparedStatement prepared(Connection connection, String sql, Object... parameters)
            throws SQLException {
        var statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }

    private static long run(String sql, boolean asks, Object... parameters) {
        try (var connection = connect();
                var statement = prepared(connection, sql, parameters)) {
            if (!asks) {
                return statement.executeUpdate();
            }
            try (var found = statement.executeQuery()) {
                found.next();
                return found.getLong(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
