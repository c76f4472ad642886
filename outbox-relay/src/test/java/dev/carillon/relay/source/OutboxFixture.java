package dev.carillon.relay.source;

import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.postgres.PostgresServer;
import dev.carillon.relay.store.SourceDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/** A service's database with an outbox, and the service that appends to it. */
public final class OutboxFixture implements AutoCloseable {
    private static final List<String> MIGRATIONS = List.of(
            "V0001__outbox",
            "V0003__insert_only_outbox",
            "V0004__outbox_partitions_and_identity",
            "V0008__decisions_about_parked_events");

    /** Rows that no saved position has passed. */
    private static final String UNPUBLISHED = """
            outbox_event e LEFT JOIN LATERAL (
                SELECT * FROM outbox_cursor c WHERE c.lane = e.lane ORDER BY c.epoch DESC, c.id DESC LIMIT 1) AS p ON true
            WHERE p.lane IS NULL
               OR NOT (pg_visible_in_snapshot(e.xid, p.base) OR e.seq = ANY (p.settled)
                       OR (p.target IS NOT NULL AND e.seq <= p.last AND pg_visible_in_snapshot(e.xid, p.target)))
            """;

    private final PostgresServer server;
    private final Database owner;
    private Connection service;

    /** In a new database of the shared server. */
    public OutboxFixture() {
        this(PostgresServer.shared());
    }

    OutboxFixture(PostgresServer server) {
        this(server, server.createFreshDatabase("outbox"));
        MIGRATIONS.forEach(migration -> execute(ddl(migration)));
    }

    private OutboxFixture(PostgresServer server, Database owner) {
        this.server = server;
        this.owner = owner;
        try {
            this.service = owner.connect();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One that another class loader's copy of this class has made. */
    public static OutboxFixture of(Database owner) {
        return new OutboxFixture(PostgresServer.shared(), owner);
    }

    public Database owner() {
        return owner;
    }

    private static String ddl(String migration) {
        try (var file = OutboxFixture.class.getResourceAsStream("/db/kit/" + migration + ".sql")) {
            if (file == null) {
                throw new IllegalStateException("the kit has no " + migration);
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("${relayRole}", PostgresServer.RELAY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public SourceDatabase forRelay() {
        Database relay = server.asRelay(owner);
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

    /** Events of one key, with versions from 1, in one transaction. */
    public void appendTogether(String topic, String key, int events) {
        try (Connection transaction = begin()) {
            for (int version = 1; version <= events; version++) {
                append(transaction, topic, key, version, "{}");
            }
            transaction.commit();
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
    public static short lane(String key) {
        var hash = new CRC32();
        hash.update(key.getBytes(StandardCharsets.UTF_8));
        return (short) (hash.getValue() % 64);
    }

    static String sameLaneAs(String key) {
        return another(other -> lane(other) == lane(key));
    }

    public static String otherLaneThan(String key) {
        return another(other -> lane(other) != lane(key));
    }

    private static String another(Predicate<String> such) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "other-" + i)
                .filter(such)
                .findFirst()
                .orElseThrow();
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

    /** After the database was killed. */
    synchronized void connectAgain() throws SQLException {
        service = owner.connect();
    }

    synchronized String text(String sql) {
        try (var statement = service.createStatement();
                var answer = statement.executeQuery(sql)) {
            answer.next();
            return answer.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** What was committed, each key's versions in the order of their appends. */
    synchronized Map<String, List<Long>> committed() {
        String sql = "SELECT record_key, version FROM outbox_event ORDER BY seq";
        try (var statement = service.createStatement();
                var rows = statement.executeQuery(sql)) {
            Map<String, List<Long>> versions = new TreeMap<>();
            while (rows.next()) {
                versions.computeIfAbsent(rows.getString(1), key -> new ArrayList<>())
                        .add(rows.getLong(2));
            }
            return versions;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** As the relay sees it after a dump was restored into another database. */
    public void restoredElsewhere() {
        execute("UPDATE outbox_identity SET database_oid = 1");
    }

    long unpublished() {
        return count(UNPUBLISHED);
    }

    /** Cuts every relay's connections to this database, but those for hints. */
    void cutRelays() {
        try (var everywhere = server.administration().connect();
                var cut = everywhere.prepareStatement("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE application_name = 'outbox-relay' AND datname = ?")) {
            cut.setString(1, owner.name());
            cut.execute();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
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
