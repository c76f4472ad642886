package dev.carillon.kit.testing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.kit.testing.process.FreePort;
import dev.carillon.kit.testing.process.Signals;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerTest {

    private static final String PASSWORD = "it's a \"secret\"";

    private final Path folder;

    PostgresServerTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void is_as_durable_as_production() throws SQLException {
        Database database = PostgresServer.shared().administration();

        assertThat(valueOf(database, "SHOW fsync")).isEqualTo("on");
        assertThat(valueOf(database, "SHOW synchronous_commit")).isEqualTo("on");
        assertThat(valueOf(database, "SHOW server_encoding")).isEqualTo("UTF8");
        assertThat(valueOf(database, "SHOW max_connections")).isEqualTo("200");
        assertThat(valueOf(database, "SHOW server_version")).startsWith("18");
        assertThat(valueOf(database, "SELECT datlocale FROM pg_database WHERE datname = current_database()"))
                .isEqualTo("C.UTF-8");
    }

    @Test
    void a_database_belongs_to_its_own_role_and_the_relay_may_connect() throws SQLException {
        var server = PostgresServer.shared();
        Database database = server.createFreshDatabase("ownership");

        run(database, "CREATE TABLE kept (id int)");
        run(database, "GRANT SELECT ON kept TO " + PostgresServer.RELAY);

        assertThat(valueOf(server.asRelay(database), "SELECT count(*) FROM kept"))
                .isEqualTo("0");
        assertThatThrownBy(() -> valueOf(database, "SELECT rolpassword FROM pg_authid"))
                .isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> valueOf(database.as(database.user(), "wrong"), "SELECT 1"))
                .hasMessageContaining("password authentication failed");
    }

    @Test
    void making_a_database_again_keeps_its_data_and_takes_the_new_password() throws SQLException {
        var server = PostgresServer.shared();
        Database first = server.ensureDatabase("again", "again", "one");
        run(first, "CREATE TABLE kept AS SELECT 42 AS answer");

        Database second = server.ensureDatabase("again", "again", PASSWORD);

        assertThat(valueOf(second, "SELECT answer FROM kept")).isEqualTo("42");
        assertThatThrownBy(() -> server.createDatabase("again")).hasMessageContaining("again");
    }

    @Test
    void the_shared_server_is_one_server() {
        assertThat(PostgresServer.shared().pid())
                .isEqualTo(PostgresServer.shared().pid());
    }

    @Test
    void a_restart_keeps_the_data() throws SQLException {
        int port = FreePort.any();
        try (var server = start(port)) {
            run(server.administration(), "CREATE TABLE kept AS SELECT 42 AS answer");
        }
        try (var server = start(port)) {
            assertThat(valueOf(server.administration(), "SELECT answer FROM kept"))
                    .isEqualTo("42");
        }
    }

    @Test
    void stop_ends_the_postmaster_while_clients_are_connected() throws SQLException {
        var server = start(FreePort.any());
        var postmaster = ProcessHandle.of(server.pid()).orElseThrow();
        try (var connection = server.administration().connect()) {
            server.stop();
            assertThat(postmaster.isAlive()).isFalse();
            assertThat(connection.isValid(1)).isFalse();
        }
        assertThat(folder.resolve("data/postmaster.pid")).doesNotExist();
    }

    @Test
    void what_was_committed_survives_kill_9_and_the_server_starts_again() throws SQLException, IOException {
        int port = FreePort.any();
        try (var server = start(port)) {
            run(server.administration(), "CREATE TABLE kept AS SELECT 42 AS answer");
            kill(server);
        }
        assertThat(folder.resolve("data/postmaster.pid")).exists();
        try (var server = start(port)) {
            assertThat(valueOf(server.administration(), "SELECT answer FROM kept"))
                    .isEqualTo("42");
        }
    }

    @Test
    void a_stale_lock_whose_process_id_is_another_programs_by_now_is_no_obstacle() throws IOException {
        int port = FreePort.any();
        try (var server = start(port)) {
            kill(server);
        }
        Path lock = folder.resolve("data/postmaster.pid");
        var lines = Files.readAllLines(lock);
        lines.set(0, Long.toString(ProcessHandle.current().pid()));
        Files.write(lock, lines);

        try (var server = start(port)) {
            assertThat(server.isAlive()).isTrue();
        }
    }

    @Test
    void a_data_directory_that_is_served_is_not_touched() {
        try (var server = start(FreePort.any())) {
            assertThatThrownBy(() -> start(FreePort.any()))
                    .hasMessageContaining("already")
                    .hasMessageContaining("data");
            assertThat(server.isAlive()).isTrue();
            assertThat(folder.resolve("data/postmaster.pid")).exists();
        }
    }

    @Test
    void a_port_in_use_is_said_with_the_log() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> start(taken.getLocalPort()))
                    .isInstanceOf(PostgresServer.PostgresDidNotStart.class)
                    .hasMessageContaining("Address already in use");
        }
    }

    @Test
    void a_half_made_data_directory_is_made_anew() throws IOException {
        Files.createDirectories(folder.resolve("data.initialising/base"));
        Files.createDirectories(folder.resolve("data"));

        try (var server = start(FreePort.any())) {
            assertThat(server.isAlive()).isTrue();
        }
        assertThat(folder.resolve("data.initialising")).doesNotExist();
    }

    private PostgresServer start(int port) {
        return PostgresServer.start(folder.resolve("data"), port, PASSWORD, folder.resolve("postgres.log"));
    }

    private static void kill(PostgresServer server) {
        var postmaster = ProcessHandle.of(server.pid()).orElseThrow();
        postmaster.destroyForcibly();
        assertThat(Signals.hasEnded(postmaster, Duration.ofSeconds(10))).isTrue();
    }

    private static void run(Database database, String sql) throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String valueOf(Database database, String query) throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
