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
public final class OutboxFixture implements AutoCloseable {
    private final Database owner;
    private final Connection service;

    /** In a new database. */
    public OutboxFixture() {
        this(PostgresServer.shared().createFreshDatabase("outbox"));
        execute(ddl());
    }

    private OutboxFixture(Database owner) {
        this.owner = owner;
        try {
            this.service = owner.connect();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One that another class loader's copy of this class has made. */
    public static OutboxFixture of(Database owner) {
        return new OutboxFixture(owner);
    }

    public Database owner() {
        return owner;
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
        Database relay = PostgresServer.shared().asRelay(owner);
        return new SourceDatabase(relay.host(), relay.port(), relay.name(), relay.user(), relay.password());
    }

    /** A transaction of the service on a connection of its own; the caller ends both. */
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
    public synchronized void append(String topic, String key, long version, String payload) {
        append(service, topic, key, version, payload);
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

    synchronized void execute(String sql) {
        try (var statement = service.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    public synchronized long count(String from) {
        try (var statement = service.createStatement();
                var answer = statement.executeQuery("SELECT count(*) FROM " + from)) {
            answer.next();
            return answer.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(from, e);
        }
    }

    @Override
    public void close() {
        try {
            service.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
