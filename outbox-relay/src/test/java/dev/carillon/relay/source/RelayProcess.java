package dev.carillon.relay.source;

import dev.carillon.kit.testing.process.FreePort;
import dev.carillon.kit.testing.process.LogTail;
import dev.carillon.kit.testing.process.OrphanGuard;
import dev.carillon.kit.testing.process.Signals;
import dev.carillon.kit.testing.process.TemporaryFolder;
import dev.carillon.relay.store.SourceDatabase;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The packaged relay over one outbox, in a process of its own. */
final class RelayProcess implements AutoCloseable {
    private static final Path JAR =
            Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath();

    private final Path folder = TemporaryFolder.create("relay");
    private final Path log = folder.resolve("relay.log");
    private final Process process;
    private final OrphanGuard guard;

    RelayProcess(SourceDatabase database, String bootstrapServers) {
        Map<String, String> environment = Map.of(
                "QUARKUS_HTTP_HOST", "127.0.0.1",
                "QUARKUS_HTTP_PORT", Integer.toString(FreePort.any()),
                "QUARKUS_OTEL_SDK_DISABLED", "true",
                "HOSTNAME", "process",
                "KAFKA_BOOTSTRAP_SERVERS", bootstrapServers,
                "CARILLON_RELAY_SOURCES_SCHEDULER_HOST", database.host(),
                "CARILLON_RELAY_SOURCES_SCHEDULER_PORT", Integer.toString(database.port()),
                "CARILLON_RELAY_SOURCES_SCHEDULER_DATABASE", database.name(),
                "CARILLON_RELAY_SOURCES_SCHEDULER_USER", database.user(),
                "CARILLON_RELAY_SOURCES_SCHEDULER_PASSWORD", database.password());
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var builder = new ProcessBuilder(List.of(java, "-Xmx160m", "-XX:+UseSerialGC", "-jar", JAR.toString()));
        builder.environment().putAll(environment);
        try {
            process = builder.redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        guard = OrphanGuard.over(process.toHandle(), "KILL", folder);
    }

    /** {@code STOP}, {@code CONT}, {@code KILL} … */
    void signal(String name) {
        Signals.send(name, process.toHandle());
    }

    /** For a failure's message. */
    String said() {
        return LogTail.of(log, 30);
    }

    @Override
    public void close() {
        Signals.end("KILL", process.toHandle(), Duration.ofSeconds(10));
        guard.release();
        TemporaryFolder.delete(folder);
    }
}
