package dev.carillon.local;

import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.local.process.RunningProcess;
import dev.carillon.local.state.Credentials;
import dev.carillon.local.state.RunningProcesses;
import dev.carillon.local.state.StateFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A stack beside whatever else runs, with its own ports and state folder, moved by the same launcher as {@code make} runs, in a process of its own.
 * For tests and benchmarks.
 *
 * @param root the repository, whose services are built
 * @param variables what {@code make} would find in its environment besides
 */
public record OwnStack(Path root, Path state, Ports ports, Map<String, String> variables) {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    public OwnStack {
        root = root.toAbsolutePath().normalize();
        state = state.toAbsolutePath().normalize();
        variables = Map.copyOf(variables);
    }

    /** On ports that are free now. */
    public static OwnStack in(Path root, Path state, Map<String, String> variables) {
        return new OwnStack(root, state, Ports.free(), variables);
    }

    /** What a command of the launcher came to. */
    public record Ended(int exit, String output) {}

    /** {@code up}, {@code down} or {@code reset}, to its end. */
    public Ended run(String command) {
        return awaitEnd(begin(command));
    }

    public Process begin(String command) {
        // A build that was started in the background is deaf to Ctrl-C, and so would be all that it starts.
        var hearing = new ArrayList<>(List.of("env", "--default-signal=INT"));
        hearing.addAll(commandLine(root, command));
        var builder = new ProcessBuilder(hearing).redirectErrorStream(true);
        builder.environment().remove("SERVICES");
        builder.environment().remove("INSTANCES");
        builder.environment().remove("OTEL_EXPORTER_OTLP_ENDPOINT");
        builder.environment().putAll(environment());
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run the launcher", e);
        }
    }

    /** With this JVM's own class path, on which the launcher must be. */
    public static List<String> commandLine(Path root, String command) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dcarillon.root=" + root,
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Launcher.class.getName(),
                command);
    }

    public Map<String, String> environment() {
        var environment = new HashMap<>(variables);
        environment.put("CARILLON_STATE_DIR", state.toString());
        environment.put("CARILLON_PORT_OFFSET", Integer.toString(ports.offset()));
        return environment;
    }

    /** @throws IllegalStateException when it does not end within minutes */
    public static Ended awaitEnd(Process launcher) {
        try {
            String output = new String(launcher.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!launcher.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("the launcher does not end; so far it said: " + output);
            }
            return new Ended(launcher.exitValue(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Those that live. */
    public List<RunningProcess> running() {
        return new RunningProcesses(folder()).all();
    }

    public StateFolder folder() {
        return StateFolder.at(state);
    }

    public String secret(String name) {
        return Credentials.in(folder()).get(name);
    }

    /** As the service of this name sees its own. */
    public Database database(String service) {
        String password = Credentials.in(folder()).databasePassword(service);
        return new Database("localhost", ports.postgres(), service, service, password);
    }
}
