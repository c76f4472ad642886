package dev.carillon.kit.testing.postgres;

import dev.carillon.kit.testing.network.SelfSigned;
import dev.carillon.kit.testing.process.FreePort;
import dev.carillon.kit.testing.process.LogTail;
import dev.carillon.kit.testing.process.OrphanGuard;
import dev.carillon.kit.testing.process.Signals;
import dev.carillon.kit.testing.process.TemporaryFolder;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A running PostgreSQL: a child process of this JVM, or one that was started elsewhere and is attached to by its process id.
 *
 * <p>Tests use {@link #shared()}, one server for the whole JVM, and a database each from {@link #createDatabase}. It ends with the
 * JVM, however the JVM ends, and leaves no data.
 */
public final class PostgresServer implements AutoCloseable {

    /** The role that reads outboxes; it exists in every server that {@link #startTemporary()} and {@link #shared()} start. */
    public static final String RELAY = "relay";

    private static final String HOST = "127.0.0.1";
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(30);
    private static final int PORTS_TRIED = 5;
    /** Interned strings are the JVM's own, whatever the class loader; unlike the properties, no driver locks this one. */
    private static final Object ONE_PER_JVM = "carillon.testing.postgres".intern();

    private static final String SHARED = "carillon.testing.postgres.";

    private final ProcessHandle process;
    private final int port;
    private final String password;
    private final Runnable afterStop;

    private PostgresServer(ProcessHandle process, int port, String password, Runnable afterStop) {
        this.process = process;
        this.port = port;
        this.password = password;
        this.afterStop = afterStop;
    }

    /**
     * Starts as a child of this JVM and waits until it answers. Data of an earlier run is kept, and recovered if that was killed.
     *
     * @throws PostgresDidNotStart with the end of its log
     */
    public static PostgresServer start(Path dataDirectory, int port, String password, Path log) {
        return start(PostgresCluster.in(dataDirectory), port, password, log);
    }

    static PostgresServer start(PostgresCluster cluster, int port, String password, Path log) {
        cluster.prepare(password);
        Process child = spawn(cluster, port, log);
        var server = new PostgresServer(child.toHandle(), port, password, () -> {});
        server.awaitReady(log);
        return server;
    }

    /** A server on a free port with new data, which is removed with it. Slower than {@link #shared()} by two seconds. */
    public static PostgresServer startTemporary() {
        PostgresDidNotStart last = null;
        for (int tried = 0; tried < PORTS_TRIED; tried++) {
            try {
                return startTemporary(FreePort.any());
            } catch (PostgresDidNotStart e) {
                // Another process may have taken the port between the question and the start.
                last = e;
            }
        }
        throw new IllegalStateException("no PostgreSQL after " + PORTS_TRIED + " tries", last);
    }

    private static PostgresServer startTemporary(int port) {
        Path folder = TemporaryFolder.create("postgres");
        try {
            String password = UUID.randomUUID().toString();
            Path log = folder.resolve("postgres.log");
            PostgresCluster cluster = PostgresCluster.in(folder.resolve("data"));
            cluster.prepare(password);
            ProcessHandle child = spawn(cluster, port, log).toHandle();
            var guard = OrphanGuard.over(child, "INT", folder);
            var server = new PostgresServer(child, port, password, () -> {
                guard.release();
                TemporaryFolder.delete(folder);
            });
            server.awaitReady(log);
            server.ensureRole(RELAY, password);
            return server;
        } catch (PostgresDidNotStart e) {
            TemporaryFolder.delete(folder);
            throw e;
        }
    }

    /**
     * The one temporary server of this JVM, started when first asked for and stopped with the JVM. Where class loaders have a copy
     * of this class each, as Quarkus tests do, they all get the same server.
     */
    public static PostgresServer shared() {
        Properties jvm = System.getProperties();
        synchronized (ONE_PER_JVM) {
            PostgresServer known = knownIn(jvm);
            if (known != null) {
                return known;
            }
            PostgresServer server = startTemporary();
            jvm.setProperty(SHARED + "pid", Long.toString(server.pid()));
            jvm.setProperty(SHARED + "port", Integer.toString(server.port));
            jvm.setProperty(SHARED + "password", server.password);
            Runtime.getRuntime().addShutdownHook(new Thread(server::stop, "stop-postgres"));
            return server;
        }
    }

    private static @Nullable PostgresServer knownIn(Properties jvm) {
        String pid = jvm.getProperty(SHARED + "pid");
        if (pid == null) {
            return null;
        }
        return ProcessHandle.of(Long.parseLong(pid))
                .map(process -> new PostgresServer(
                        process,
                        Integer.parseInt(jvm.getProperty(SHARED + "port")),
                        jvm.getProperty(SHARED + "password"),
                        () -> {}))
                .orElse(null);
    }

    /** One that runs already, as the local stack's does: for its databases, and to stop it. */
    public static PostgresServer attach(ProcessHandle process, int port, String password) {
        return new PostgresServer(process, port, password, () -> {});
    }

    public String host() {
        return HOST;
    }

    public int port() {
        return port;
    }

    /** The postmaster's. */
    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The superuser's view of the database {@code postgres}. */
    public Database administration() {
        return new Database(HOST, port, "postgres", PostgresCluster.SUPERUSER, password);
    }

    /**
     * A database of the given name and a role of the same name that owns it, both new.
     *
     * @throws IllegalStateException when there is one of that name already
     */
    public Database createDatabase(String name) {
        if (exists("SELECT 1 FROM pg_database WHERE datname = ?", name)) {
            throw new IllegalStateException("there is a database " + name + " already");
        }
        return ensureDatabase(name, name, UUID.randomUUID().toString());
    }

    /** As {@link #createDatabase}, under a name that no one else has: the given one and a random end. */
    public Database createFreshDatabase(String prefix) {
        return createDatabase(prefix + "_" + UUID.randomUUID().toString().substring(0, 8));
    }

    /** The same database as the role {@link #RELAY} sees it. Only for temporary and shared servers, which made the role. */
    public Database asRelay(Database database) {
        return database.as(RELAY, password);
    }

    /** Makes the role and its database, or gives the role this password if they are there; may be repeated. */
    public Database ensureDatabase(String name, String owner, String ownerPassword) {
        ensureRole(owner, ownerPassword);
        if (!exists("SELECT 1 FROM pg_database WHERE datname = ?", name)) {
            execute("CREATE DATABASE " + identifier(name) + " OWNER " + identifier(owner));
        }
        return new Database(HOST, port, name, owner, ownerPassword);
    }

    /** Makes the role with the right to log in, or gives it this password if it is there; may be repeated. */
    public void ensureRole(String role, String rolePassword) {
        String verb = exists("SELECT 1 FROM pg_roles WHERE rolname = ?", role) ? "ALTER" : "CREATE";
        execute(verb + " ROLE " + identifier(role) + " LOGIN PASSWORD '" + rolePassword.replace("'", "''") + "'");
    }

    /** From its return on, new connections may be encrypted, with this certificate; those without encryption go on being taken. */
    public void takeTls(SelfSigned certificate) {
        // By the server itself, which alone may read its key.
        write("server.crt", certificate.certificate());
        write("server.key", certificate.key());
        execute("ALTER SYSTEM SET ssl = on");
        execute("SELECT pg_reload_conf()");
        awaitTls();
    }

    private void awaitTls() {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (!administration().texts("SHOW ssl").equals(List.of("on"))) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("PostgreSQL takes no TLS within " + READY_WITHIN);
            }
            Pause.briefly();
        }
    }

    /** Into its data directory. */
    private void write(String file, String lines) {
        execute("COPY (SELECT line FROM unnest(string_to_array('" + lines.strip() + "', E'\\n')) AS line)"
                + " TO PROGRAM 'cat > " + file + " && chmod 600 " + file + "'");
    }

    /** Ends every connection, writes a checkpoint, ends (a fast shutdown); what does not end in 30 s is killed. May be repeated. */
    public void stop() {
        if (process.isAlive()) {
            Signals.end("INT", process, STOPS_WITHIN);
        }
        afterStop.run();
    }

    @Override
    public void close() {
        stop();
    }

    /**
     * Waits until a connection succeeds.
     *
     * @throws PostgresDidNotStart when the process ends before that, or time is up; it is ended then
     */
    public void awaitReady(Path log) {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (!answers()) {
            if (!process.isAlive()) {
                throw new PostgresDidNotStart("PostgreSQL ended while starting on port " + port, log);
            }
            if (System.nanoTime() > deadline) {
                stop();
                throw new PostgresDidNotStart(
                        "PostgreSQL did not answer on port " + port + " within " + READY_WITHIN, log);
            }
            Pause.briefly();
        }
        // Whoever answered must be ours: a server that could not bind its port ends, and another may be there.
        if (!process.isAlive()) {
            throw new PostgresDidNotStart("PostgreSQL ended while starting on port " + port, log);
        }
    }

    private boolean answers() {
        try (var connection = administration().connect()) {
            return connection.isValid(5);
        } catch (SQLException e) {
            return false;
        }
    }

    private boolean exists(String query, String name) {
        try (var connection = administration().connect();
                var statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            return statement.executeQuery().next();
        } catch (SQLException e) {
            throw new IllegalStateException(query + " with " + name, e);
        }
    }

    private void execute(String sql) {
        try (var connection = administration().connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            // Without the statement, which may hold a password.
            throw new IllegalStateException("PostgreSQL refused: " + e.getMessage(), e);
        }
    }

    private static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static Process spawn(PostgresCluster cluster, int port, Path log) {
        try {
            return new ProcessBuilder(cluster.command(port))
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start PostgreSQL", e);
        }
    }

    /** Says why, as far as the log does. */
    public static final class PostgresDidNotStart extends IllegalStateException {

        private static final long serialVersionUID = 1;

        PostgresDidNotStart(String what, Path log) {
            super(what + "; its log " + log + " ends:\n" + LogTail.of(log, 20));
        }
    }
}
