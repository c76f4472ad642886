package dev.carillon.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.process.Signals;
import dev.carillon.local.OwnStack;
import dev.carillon.local.OwnStack.Ended;
import dev.carillon.local.Ports;
import dev.carillon.local.ServiceName;
import dev.carillon.local.process.RunningProcess;
import dev.carillon.local.state.RunningProcesses;
import dev.carillon.local.state.SigningKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A local stack with its own ports and state folder, and where its parts are. */
record TestStack(OwnStack own) {

    private static final Path ROOT = Path.of(System.getProperty("carillon.root", "../.."))
            .toAbsolutePath()
            .normalize();

    /** On ports that are free now. */
    static TestStack in(Path state, Map<String, String> variables) {
        return new TestStack(OwnStack.in(ROOT, state, variables));
    }

    static Path root() {
        return ROOT;
    }

    Path state() {
        return own.state();
    }

    int offset() {
        return ports().offset();
    }

    /** {@code up}, {@code down} or {@code reset}, to its end. */
    Ended run(String command) {
        return own.run(command);
    }

    /** Starts what is not running. */
    void up() {
        Ended up = run("up");
        assertThat(up.exit()).as(up.output()).isZero();
    }

    Process begin(String command) {
        return own.begin(command);
    }

    static List<String> commandLine(String command) {
        return OwnStack.commandLine(ROOT, command);
    }

    Map<String, String> environment() {
        return own.environment();
    }

    static Ended awaitEnd(Process launcher) {
        return OwnStack.awaitEnd(launcher);
    }

    /** Those that live. */
    List<RunningProcess> running() {
        return own.running();
    }

    /** {@code kill -9}, and waits until it is dead. */
    void kill(String name) {
        RunningProcess process = new RunningProcesses(own.folder())
                .named(name)
                .orElseThrow(() -> new AssertionError(name + " is not running"));
        Signals.send("KILL", process.handle());
        assertThat(process.endsWithin(Duration.ofSeconds(10))).isTrue();
    }

    String secret(String name) {
        return own.secret(name);
    }

    /** As the service of this name sees its own. */
    Database database(String service) {
        return own.database(service);
    }

    SigningKeys keys() {
        return SigningKeys.in(own.folder());
    }

    String scheduler() {
        return localhost(ports().service(ServiceName.SCHEDULER, 1));
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
        return own.ports();
    }

    private static String localhost(int port) {
        return "http://localhost:" + port;
    }
}
