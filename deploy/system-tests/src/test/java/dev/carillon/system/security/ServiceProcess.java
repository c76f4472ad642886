package dev.carillon.system.security;

import dev.carillon.kit.testing.process.LogTail;
import dev.carillon.kit.testing.process.OrphanGuard;
import dev.carillon.kit.testing.process.Signals;
import dev.carillon.local.ServiceName;
import dev.carillon.system.stack.Answer;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Web;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A packaged service in a process of its own, without a stack around it: what it is told is all that it knows. */
final class ServiceProcess implements AutoCloseable {

    private static final Duration STOPS_WITHIN = Duration.ofSeconds(15);
    private static final String HOST = "127.0.0.1";

    private final ServiceName service;
    private final String url;
    private final Path log;
    private final Process process;
    private final OrphanGuard guard;

    /** @param folder of its log */
    ServiceProcess(ServiceName service, int port, Map<String, String> settings, Path folder) {
        this.service = service;
        this.url = "http://" + HOST + ":" + port;
        this.log = folder.resolve(service.label() + ".log");
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                        "-jar",
                        TestStack.root()
                                .resolve(service.module())
                                .resolve("target/quarkus-app/quarkus-run.jar")
                                .toString())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("KAFKA_") || name.startsWith("OTEL_"));
        builder.environment()
                .putAll(Map.of(
                        "QUARKUS_PROFILE",
                        "prod",
                        "QUARKUS_HTTP_HOST",
                        HOST,
                        "QUARKUS_HTTP_PORT",
                        Integer.toString(port)));
        builder.environment().putAll(settings);
        try {
            this.process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + service, e);
        }
        // The guard removes a folder with an orphan; here there is none to remove, so that the logs stay.
        this.guard = OrphanGuard.over(process.toHandle(), "KILL", folder.resolve("none-of-" + process.pid()));
    }

    /** @throws UncheckedIOException without an answer, as long as it is starting */
    Answer ready() {
        return send("GET", "/q/health/ready", null);
    }

    Answer send(String method, String path, @Nullable String body, String... headers) {
        return Web.send(method, url + path, body, headers);
    }

    /** For a failure's message. */
    String said() {
        return service + " said last:\n" + LogTail.of(log, 20);
    }

    /** Is asked to stop, and killed if it does not. */
    @Override
    public void close() {
        Signals.end("TERM", process.toHandle(), STOPS_WITHIN);
        guard.release();
    }
}
