package dev.carillon.benchmarks.relay;

import dev.carillon.benchmarks.report.KitTables;
import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.postgres.PostgresServer;
import dev.carillon.relay.store.SourceDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32;

/** A database with an outbox, and the service that appends to it as the kit does: many rows in one statement. */
final class Source implements AutoCloseable {
    private static final List<String> KIT = List.of(
            "/db/kit/V0001__outbox.sql",
            "/db/kit/V0003__insert_only_outbox.sql",
            "/db/kit/V0004__outbox_partitions_and_identity.sql",
            "/db/kit/V0007__outbox_by_transaction.sql");

    private static final String APPEND = """
            INSERT INTO outbox_event (lane, event_id, topic, record_key, type, source, subject, tenant, version, occurred_at, payload)
            SELECT lane, event_id, ?, record_key, 'carillon.benchmark.happened.v1', '/benchmark', record_key, 'tenant', version,
                   clock_timestamp(), ?
            FROM unnest(?, ?, ?, ?) AS e(lane, event_id, record_key, version)
            """;

    private final PostgresServer server;
    private final Database owner;
    private final Connection admin;

    Source(PostgresServer server) {
        this.server = server;
        this.owner = server.createFreshDatabase("outbox");
        try {
            this.admin = new Database(
                            server.host(),
                            server.port(),
                            owner.name(),
                            server.administration().user(),
                            server.administration().password())
                    .connect();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        KitTables.create(owner, KIT);
    }

    SourceDatabase forRelay() {
        Database relay = server.asRelay(owner);
        return new SourceDatabase(relay.host(), relay.port(), relay.name(), relay.user(), relay.password());
    }

    /** As the service; the caller closes it. */
    Connection connect() {
        try {
            return owner.connect();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Appends {@code count} events, whose versions begin at {@code first}, in the connection's transaction. */
    static void append(Connection connection, String topic, String[] keys, long first, byte[] payload)
            throws SQLException {
        int count = keys.length;
        Short[] lanes = new Short[count];
        UUID[] ids = new UUID[count];
        Long[] versions = new Long[count];
        for (int i = 0; i < count; i++) {
            lanes[i] = lane(keys[i]);
            ids[i] = UUID.randomUUID();
            versions[i] = first + i;
        }
        try (var statement = connection.prepareStatement(APPEND)) {
            statement.setString(1, topic);
            statement.setBytes(2, payload);
            statement.setArray(3, connection.createArrayOf("int2", lanes));
            statement.setArray(4, connection.createArrayOf("uuid", ids));
            statement.setArray(5, connection.createArrayOf("text", keys));
            statement.setArray(6, connection.createArrayOf("int8", versions));
            statement.executeUpdate();
        }
    }

    /** As the kit spreads keys. */
    static short lane(String key) {
        var hash = new CRC32();
        hash.update(key.getBytes(StandardCharsets.UTF_8));
        return (short) (hash.getValue() % 64);
    }

    synchronized void execute(String sql) {
        try (var statement = admin.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    synchronized long ask(String sql) {
        try (var statement = admin.createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            answer.next();
            return answer.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** A transaction that has nothing to do with the outbox; when {@code held} it has an id and a snapshot. The caller ends it. */
    Connection transaction(boolean held) {
        Connection connection = connect();
        try {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            if (held) {
                try (var statement = connection.createStatement()) {
                    statement.execute("SELECT pg_current_xact_id()");
                }
            }
            return connection;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Drops the database: an autovacuum of it would count for what is measured next. */
    @Override
    public void close() {
        try (Connection everywhere = server.administration().connect();
                var statement = everywhere.createStatement()) {
            admin.close();
            statement.execute("DROP DATABASE " + owner.name() + " WITH (FORCE)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
