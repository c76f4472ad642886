package dev.carillon.local;

import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.local.process.LastWill;
import dev.carillon.local.process.ProcessIdentity;
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
import org.jspecify.annotations.Nullable;

/**
 * A stack beside whatever else runs, with its own ports and state folder, moved by the same launcher as {@code make} runs, in a process of its own.
 * For tests and benchmarks. It does not outlive this JVM: what {@code up} has started is stopped by {@code down} or {@code reset}, or else when this JVM
 * is gone, even after {@code kill -9}.
 */
public final class OwnStack {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String UP = "up";
    private static final String KEEPER = "keeper";

    private final Path root;
    private final Path state;
    private final Ports ports;
    private final Map<String, String> variables;

    /** To stop it, while it may be running. */
    private @Nullable LastWill will;

    private OwnStack(Path root, Path state, Ports ports, Map<String, String> variables) {
        this.root = root.toAbsolutePath().normalize();
        this.state = state.toAbsolutePath().normalize();
        this.ports = ports;
        this.variables = Map.copyOf(variables);
    }

    /**
     * On ports that are free now.
     *
     * @param root the repository, whose services are built
     * @param variables what {@code make} would find in its environment besides
     */
    public static OwnStack in(Path root, Path state, Map<String, String> variables) {
        return new OwnStack(root, state, Ports.free(), variables);
    }

    /** What a command of the launcher came to. */
    public record Ended(int exit, String output) {}

    /**
     * {@code reset}, then {@code up}. A JVM that was killed may have left a stack in this folder, which is being stopped meanwhile: that is waited for.
     *
     * @throws IllegalStateException with what was said, when it does not start, or when another JVM keeps a stack in this folder
     */
    public void startAfresh() {
        awaitFormerKeeper();
        succeed("reset", Map.of());
        try {
            up();
        } catch (IllegalStateException e) {
            run("down");
            throw e;
        }
    }

    /**
     * {@code up}, and what it said.
     *
     * @throws IllegalStateException with what it said, when it failed
     */
    public String up() {
        return up(Map.of());
    }

    /** @param more variables, for this time */
    public String up(Map<String, String> more) {
        return succeed(UP, more);
    }

    private String succeed(String command, Map<String, String> more) {
        Ended ended = run(command, more);
        if (ended.exit() != 0) {
            throw new IllegalStateException(command + " of the stack in " + state + " failed: " + ended.output());
        }
        return ended.output();
    }

    /** {@code up}, {@code down} or {@code reset}, to its end. */
    public Ended run(String command) {
        return run(command, Map.of());
    }

    /** @param more variables, for this time */
    public Ended run(String command, Map<String, String> more) {
        Ended ended = awaitEnd(begin(command, more));
        if (ended.exit() == 0 && !command.equals(UP)) {
            letGo();
        }
        return ended;
    }

    public Process begin(String command) {
        return begin(command, Map.of());
    }

    private Process begin(String command, Map<String, String> more) {
        if (command.equals(UP)) {
            keep();
        }
        try {
            return launcher(command, more).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run the launcher", e);
        }
    }

    private ProcessBuilder launcher(String command, Map<String, String> more) {
        // A build that was started in the background is deaf to Ctrl-C, and so would be all that it starts.
        var hearing = new ArrayList<>(List.of("env", "--default-signal=INT"));
        hearing.addAll(commandLine(root, command));
        var builder = new ProcessBuilder(hearing);
        builder.environment().remove("SERVICES");
        builder.environment().remove("INSTANCES");
        builder.environment().remove("OTEL_EXPORTER_OTLP_ENDPOINT");
        // Nor does its mail go where somebody who builds lets a stack of theirs send.
        builder.environment().keySet().removeIf(name -> name.startsWith("CARILLON_SMTP_"));
        builder.environment().putAll(environment());
        builder.environment().putAll(more);
        return builder;
    }

    /** Who comes after this JVM finds in the folder for whom to wait; a reset forgets that, and so it is written each time. */
    private synchronized void keep() {
        awaitFormerKeeper();
        LastWill left = will == null || !isKept() ? LastWill.of(launcher("down", Map.of())) : will;
        will = left;
        left.identity().ifPresent(identity -> folder().write(KEEPER, List.of(identity.text())));
    }

    private synchronized void letGo() {
        LastWill left = will;
        if (left != null) {
            left.revoke();
            will = null;
        }
    }

    private synchronized boolean isKept() {
        return will != null && will.identity().isPresent();
    }

    private void awaitFormerKeeper() {
        if (isKept()) {
            return;
        }
        for (String line : folder().lines(KEEPER)) {
            ProcessIdentity.parse(line)
                    .map(identity -> new RunningProcess(KEEPER, identity))
                    .filter(keeper -> !keeper.endsWithin(PATIENCE))
                    .ifPresent(keeper -> {
                        throw new IllegalStateException(
                                "another JVM keeps the stack in " + state + ", by process " + keeper.pid());
                    });
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

    public Path state() {
        return state;
    }

    public Ports ports() {
        return ports;
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
