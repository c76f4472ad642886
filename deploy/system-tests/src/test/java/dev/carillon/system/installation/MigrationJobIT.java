package dev.carillon.system.installation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.postgres.PostgresServer;
import dev.carillon.local.ServiceName;
import dev.carillon.system.stack.TestStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The packaged services as {@code deploy/kubernetes/overlays/production} runs them: migrated by a job, and waiting for it. No broker is there for any of them. */
class MigrationJobIT {

    private static final long PATIENCE_SECONDS = 120;
    private static final Map<String, String> JOB =
            Map.of("QUARKUS_FLYWAY_MIGRATE_AT_START", "true", "QUARKUS_INIT_AND_EXIT", "true");

    private final Database database = PostgresServer.shared().createFreshDatabase("migrated");
    private final Path log;

    MigrationJobIT(@TempDir Path folder) {
        this.log = folder.resolve("log");
    }

    @ParameterizedTest
    @EnumSource(value = ServiceName.class, mode = Mode.EXCLUDE, names = "OUTBOX_RELAY")
    void a_job_migrates_and_ends_well_before_anything_else_of_the_service_begins(ServiceName service)
            throws IOException, InterruptedException {
        assertThat(run(service, JOB)).as(Files.readString(log)).isZero();
        assertThat(database.texts("SELECT count(*) > 5 FROM flyway_schema_history WHERE success"))
                .containsExactly("t");
        assertThat(Files.readString(log)).doesNotContain("Settings:").doesNotContain("Listening on");
    }

    @Test
    void a_service_that_leaves_its_migrations_to_a_job_does_not_work_without_them()
            throws IOException, InterruptedException {
        var waiting = Map.of("QUARKUS_FLYWAY_MIGRATE_AT_START", "false", "CARILLON_DATABASE_SCHEMA_PATIENCE", "PT0.1S");
        assertThat(run(ServiceName.SCHEDULER, waiting)).isNotZero();
        assertThat(Files.readString(log)).contains("Not made yet: ").contains("V0001__outbox.sql");
        assertThat(database.texts("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
                .containsExactly("0");
    }

    /** To its end, which it comes to by itself. */
    private int run(ServiceName service, Map<String, String> settings) throws IOException, InterruptedException {
        Path jar = TestStack.root().resolve(service.module()).resolve("target/quarkus-app/quarkus-run.jar");
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-jar",
                jar.toString());
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(settings);
        builder.environment()
                .putAll(Map.of(
                        "QUARKUS_PROFILE", "prod",
                        "QUARKUS_HTTP_PORT", "0",
                        "KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1",
                        "CARILLON_DATABASE_HOST", database.host(),
                        "CARILLON_DATABASE_PORT", Integer.toString(database.port()),
                        "CARILLON_DATABASE_NAME", database.name(),
                        "CARILLON_DATABASE_USER", database.user(),
                        "CARILLON_DATABASE_PASSWORD", database.password()));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("%s ends by itself", service)
                    .isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }
}
