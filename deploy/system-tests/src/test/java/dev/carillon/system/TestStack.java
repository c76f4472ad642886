package dev.carillon.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.process.Signals;
import dev.carillon.local.Launcher;
import dev.carillon.local.Ports;
import dev.carillon.local.ServiceName;
import dev.carillon.local.process.RunningProcess;
import dev.carillon.local.process.StopSignal;
import dev.carillon.local.state.Credentials;
import dev.carillon.local.state.RunningProcesses;
import dev.carillon.local.state.SigningKeys;
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
 * A local stack with its own ports and state folder, moved by the same launcher as {@code make} runs.
 *
 * @param variables what {@code make} would find in its environment besides
 */
record TestStack(Path state, int offset, Map<String, String> variables) {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Path ROOT = Path.of(System.getProperty("carillon.root", "../.."))
            .toAbsolutePath()
            .normalize();

    TestStack {
        state = state.toAbsolutePath().normalize();
        variables = Map.copyOf(variables);
    }

    /** On ports that are free now. */
    static TestStack in(Path state, Map<String, String> variables) {
        return new TestStack(state, Ports.free().offset(), variables);
    }

    static Path root() {
        return ROOT;
    }

    /** What a command of the launcher came to. */
    record Ended(int exit, String output) {}

    /** {@code up}, {@code down} or {@code reset}, to its end. */
    Ended run(String command) {
        return awaitEnd(begin(command));
    }

    /** Starts what is not running. */
    void up() {
        Ended up = run("up");
        assertThat(up.exit()).as(up.output()).isZero();
    }

    /** Starts a second scheduler and a second delivery beside what runs, if they are not there. */
    void upWithSecondInstances() {
        var two = new HashMap<>(variables);
        two.put("SERVICES", "scheduler delivery");
        two.put("INSTANCES", "2");
        new TestStack(state, offset, two).up();
    }

    /** Asks what {@link #upWithSecondInstances} started to end, and waits until it has. */
    void endSecondInstances() {
        List<RunningProcess> second = running().stream()
                .filter(process -> process.name().endsWith("-2"))
                .toList();
        second.forEach(process -> process.signal(StopSignal.of(process.name())));
        assertThat(second).allMatch(process -> process.endsWithin(PATIENCE));
    }

    Process begin(String command) {
        // A build that was started in the background is deaf to Ctrl-C, and so would be all that it starts.
        var hearing = new ArrayList<>(List.of("env", "--default-signal=INT"));
        hearing.addAll(commandLine(command));
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

    static List<String> commandLine(String command) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dcarillon.root=" + ROOT,
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Launcher.class.getName(),
                command);
    }

    Map<String, String> environment() {
        var environment = new HashMap<>(variables);
        environment.put("CARILLON_STATE_DIR", state.toString());
        environment.put("CARILLON_PORT_OFFSET", Integer.toString(offset));
        return environment;
    }

    static Ended awaitEnd(Process launcher) {
        try {
            String output = new String(launcher.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(launcher.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            return new Ended(launcher.exitValue(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Those that live. */
    List<RunningProcess> running() {
        return new RunningProcesses(folder()).all();
    }

    /** {@code kill -9}, and waits until it is dead. */
    void kill(String name) {
        RunningProcess process = process(name);
        Signals.send("KILL", process.handle());
        assertThat(process.endsWithin(Duration.ofSeconds(10))).isTrue();
    }

    /** {@code SIGSTOP}: it keeps its memory and its connections, and does nothing. */
    void freeze(String name) {
        Signals.send("STOP", process(name).handle());
    }

    /** {@code SIGCONT}, to all: who was not frozen does not notice. */
    void thaw() {
        running().forEach(process -> Signals.send("CONT", process.handle()));
    }

    RunningProcess process(String name) {
        return new RunningProcesses(folder())
                .named(name)
                .orElseThrow(() -> new AssertionError(name + " is not running"));
    }

    private StateFolder folder() {
        return StateFolder.at(state);
    }

    String secret(String name) {
        return Credentials.in(folder()).get(name);
    }

    /** As the service of this name sees its own. */
    Database database(String service) {
        String password = Credentials.in(folder()).databasePassword(service);
        return new Database("localhost", ports().postgres(), service, service, password);
    }

    SigningKeys keys() {
        return SigningKeys.in(folder());
    }

    String scheduler() {
        return scheduler(1);
    }

    /** @param instance counts from 1 */
    String scheduler(int instance) {
        return localhost(ports().service(ServiceName.SCHEDULER, instance));
    }

    String delivery() {
        return localhost(ports().service(ServiceName.DELIVERY, 1));
    }

    String booking() {
        return localhost(ports().service(ServiceName.BOOKING, 1));
    }

    String relay() {
        return localhost(ports().service(ServiceName.OUTBOX_RELAY, 1));
    }

    String providers() {
        return localhost(ports().providers());
    }

    Ports ports() {
        return new Ports(offset);
    }

    private static String localhost(int port) {
        return "http://localhost:" + port;
    }
}
