package dev.carillon.relay.source;

import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.postgres.PostgresServer;
import dev.carillon.relay.store.SourceDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import java.util.zip.CRC32;

/** A service's database with an outbox, and the service that appends to it. */
public final class OutboxFixture {
    private final Database owner = PostgresServer.shared().createFreshDatabase("outbox");
    private final Database relay = PostgresServer.shared().asRelay(owner);

    public OutboxFixture() {
        execute(ddl());
    }

    private static String ddl() {
        try (var file = OutboxFixture.class.getResourceAsStream("/db/kit/V0001__outbox.sql")) {
            if (file == null) {
                throw new IllegalStateException("the kit has no outbox");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("${relayRole}", PostgresServer.RELAY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public SourceDatabase forRelay() {
        return new SourceDatabase(relay.host(), relay.port(), relay.name(), relay.user(), relay.password());
    }

    /** A transaction of the service, which the caller ends. */
    Connection begin() {
        try {
            Connection connection = owner.connect();
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Appends in a transaction of its own. */
    public void append(String topic, String key, long version, String payload) {
        try (Connection connection = begin()) {
            append(connection, topic, key, version, payload);
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static void append(Connection transaction, String topic, String key, long version, String payload) {
        String sql = """
                INSERT INTO outbox_event (lane, event_id, topic, record_key, type, source, subject, tenant, version, occurred_at, traceparent,
                                          tracestate, payload)
                VALUES (?, ?, ?, ?, 'carillon.test.happened.v1', '/test', ?, 'tenant', ?, clock_timestamp(),
                        '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'vendor=1', ?)
                """;
        try (var statement = transaction.prepareStatement(sql)) {
            statement.setShort(1, lane(key));
            statement.setObject(2, UUID.randomUUID());
            statement.setString(3, topic);
            statement.setString(4, key);
            statement.setString(5, key);
            statement.setLong(6, version);
            statement.setBytes(7, payload.getBytes(StandardCharsets.UTF_8));
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the kit spreads keys. */
    static short lane(String key) {
        var hash = new CRC32();
        hash.update(key.getBytes(StandardCharsets.UTF_8));
        return (short) (hash.getValue() % 64);
    }

    void execute(String sql) {
        try (Connection connection = owner.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    public long count(String query) {
        try (Connection connection = owner.connect();
                var statement = connection.createStatement();
                var answer = statement.executeQuery("SELECT count(*) FROM " + query)) {
            answer.next();
            return answer.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(query, e);
        }
    }
}
