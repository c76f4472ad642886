package dev.carillon.kit.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.postgres.EncryptedPostgres;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptedDatabaseTest {
    private static final EncryptedPostgres POSTGRES = EncryptedPostgres.start();
    private static final Database DATABASE = POSTGRES.server().createDatabase("encrypted");
    private static final Vertx VERTX = Vertx.vertx();

    @AfterAll
    static void stop() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
        POSTGRES.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify-full", "verify-ca", "require"})
    void a_pool_and_migrations_encrypt_and_believe_who_the_ca_has_signed(String mode) throws Exception {
        assertThat(byPool(mode, "127.0.0.1", POSTGRES.ca())).isEqualTo("true");
        assertThat(byJdbc(mode, "127.0.0.1", POSTGRES.ca())).isEqualTo("true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify-full", "verify-ca"})
    void a_certificate_of_another_ca_is_refused(String mode) {
        assertThatThrownBy(() -> byPool(mode, "127.0.0.1", POSTGRES.anotherCa()))
                .hasStackTraceContaining("SSL");
        assertThatThrownBy(() -> byJdbc(mode, "127.0.0.1", POSTGRES.anotherCa()))
                .isInstanceOf(SQLException.class);
    }

    @Test
    void a_certificate_for_another_host_is_refused_where_all_is_verified() throws Exception {
        assertThatThrownBy(() -> byPool("verify-full", "localhost", POSTGRES.ca()))
                .hasStackTraceContaining("SSL");
        assertThatThrownBy(() -> byJdbc("verify-full", "localhost", POSTGRES.ca()))
                .isInstanceOf(SQLException.class);
        assertThat(byPool("verify-ca", "localhost", POSTGRES.ca())).isEqualTo("true");
    }

    @Test
    void nothing_is_encrypted_unless_somebody_says_so() throws Exception {
        assertThat(byPool("disable", "127.0.0.1", POSTGRES.ca())).isEqualTo("false");
        assertThat(byJdbc("disable", "127.0.0.1", POSTGRES.ca())).isEqualTo("false");
    }

    @Test
    void a_mode_that_is_none_and_one_that_has_nothing_to_verify_by_are_refused() {
        assertThatThrownBy(() -> DatabaseTls.of("carillon.database.tls", "on", Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DatabaseTls.of("carillon.database.tls", "verify-full", Optional.of("")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("carillon.database.tls-ca");
    }

    private static String byPool(String mode, String host, Path ca) throws Exception {
        var settings = settings(mode, host, ca);
        var pool = new BoundedPool(
                        settings.getValue("carillon.database.silence", Duration.class),
                        settings.getValue("carillon.database.tls", String.class),
                        settings.getOptionalValue("carillon.database.tls-ca", String.class))
                .create(input(host));
        try {
            return pool.query(EncryptedPostgres.IS_ENCRYPTED)
                    .execute()
                    .map(rows -> rows.iterator().next().getString(0))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
        } finally {
            close(pool);
        }
    }

    private static void close(Pool pool) {
        pool.close().toCompletionStage().toCompletableFuture().join();
    }

    /** With the URL that migrations use. */
    private static String byJdbc(String mode, String host, Path ca) throws Exception {
        String url = settings(mode, host, ca).getValue("quarkus.datasource.jdbc.url", String.class);
        try (var connection = DriverManager.getConnection(url, DATABASE.user(), DATABASE.password());
                var statement = connection.createStatement();
                var answer = statement.executeQuery(EncryptedPostgres.IS_ENCRYPTED)) {
            answer.next();
            return answer.getString(1);
        }
    }

    /** As the kit's defaults have them. */
    private static SmallRyeConfig settings(String mode, String host, Path ca) throws IOException {
        var defaults = Path.of("src/main/resources/META-INF/microprofile-config.properties");
        var said = Map.of(
                "quarkus.application.name",
                "test",
                "carillon.database.host",
                host,
                "carillon.database.port",
                Integer.toString(DATABASE.port()),
                "carillon.database.name",
                DATABASE.name(),
                "carillon.database.tls",
                mode,
                "carillon.database.tls-ca",
                ca.toString());
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(
                        new PropertiesConfigSource(defaults.toUri().toURL(), 100),
                        new PropertiesConfigSource(said, "said", 300))
                .build();
    }

    private static PgPoolCreator.Input input(String host) {
        return new PgPoolCreator.Input() {
            @Override
            public Vertx vertx() {
                return VERTX;
            }

            @Override
            public PoolOptions poolOptions() {
                return new PoolOptions().setMaxSize(1);
            }

            @Override
            public List<PgConnectOptions> pgConnectOptionsList() {
                return List.of(new PgConnectOptions()
                        .setHost(host)
                        .setPort(DATABASE.port())
                        .setDatabase(DATABASE.name())
                        .setUser(DATABASE.user())
                        .setPassword(DATABASE.password()));
            }
        };
    }
}
