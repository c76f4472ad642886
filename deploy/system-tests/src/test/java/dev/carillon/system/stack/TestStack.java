package dev.carillon.system.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.process.Signals;
import dev.carillon.local.OwnStack;
import dev.carillon.local.OwnStack.Ended;
import dev.carillon.local.Ports;
import dev.carillon.local.ServiceName;
import dev.carillon.local.process.RunningProcess;
import dev.carillon.local.process.StopSignal;
import dev.carillon.local.state.Credentials;
import dev.carillon.local.state.RunningProcesses;
import dev.carillon.local.state.SigningKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A local stack with its own ports and state folder, and where its parts are. It does not outlive this JVM. */
public record TestStack(OwnStack own) {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Path ROOT = Path.of(System.getProperty("carillon.root", "../.."))
            .toAbsolutePath()
            .normalize();

    /** On ports that are free now. */
    public static TestStack in(Path state, Map<String, String> variables) {
        return new TestStack(OwnStack.in(ROOT, state, variables));
    }

    public static Path root() {
        return ROOT;
    }

    public Path state() {
        return own.state();
    }

    public int offset() {
        return ports().offset();
    }

    /** {@code up}, {@code down} or {@code reset}, to its end. */
    public Ended run(String command) {
        return own.run(command);
    }

    /** Starts it, with nothing of an earlier one. */
    public void startAfresh() {
        own.startAfresh();
    }

    /** Starts what is not running. */
    public void up() {
        own.up();
    }

    /** Starts a second scheduler and a second delivery beside what runs, if they are not there. */
    public void upWithSecondInstances() {
        upWithSecond("scheduler delivery");
    }

    /** Starts a second instance of the service, and what is not running of the first ones that it needs. */
    public void upWithSecondInstance(ServiceName service) {
        upWithSecond(service.label());
    }

    private void upWithSecond(String services) {
        own.up(Map.of("SERVICES", services, "INSTANCES", "2"));
    }

    /** Asks what {@link #upWithSecondInstances} started to end, and waits until it has. */
    public void endSecondInstances() {
        List<RunningProcess> second = running().stream()
                .filter(process -> process.name().endsWith("-2"))
                .toList();
        second.forEach(process -> process.signal(StopSignal.of(process.name())));
        assertThat(second).allMatch(process -> process.endsWithin(PATIENCE));
    }

    /**
     * Asks the service's first instance to end, if it runs, and starts it again with these settings, which it keeps until it ends.
     *
     * @param settings as variables, besides the stack's own
     */
    public void startAnew(ServiceName service, Map<String, String> settings) {
        running().stream()
                .filter(process -> process.name().equals(service.label()))
                .forEach(process -> {
                    process.signal(StopSignal.of(process.name()));
                    assertThat(process.endsWithin(PATIENCE)).as(process.name()).isTrue();
                });
        own.up(settings);
    }

    public Process begin(String command) {
        return own.begin(command);
    }

    public static List<String> commandLine(String command) {
        return OwnStack.commandLine(ROOT, command);
    }

    public Map<String, String> environment() {
        return own.environment();
    }

    public static Ended awaitEnd(Process launcher) {
        return OwnStack.awaitEnd(launcher);
    }

    /** Those that live. */
    public List<RunningProcess> running() {
        return own.running();
    }

    /** {@code kill -9}, and waits until it is dead. */
    public void kill(String name) {
        RunningProcess process = process(name);
        Signals.send("KILL", process.handle());
        assertThat(process.endsWithin(Duration.ofSeconds(10))).isTrue();
    }

    /** {@code kill -9}, and {@code up} once it is dead; the instant between the two. */
    public Instant crash(String name) {
        kill(name);
        Instant crash = Instant.now();
        up();
        return crash;
    }

    /** {@code SIGSTOP}: it keeps its memory and its connections, and does nothing. */
    public void freeze(String name) {
        Signals.send("STOP", process(name).handle());
    }

    /** {@code SIGCONT}, to all: who was not frozen does not notice. */
    public void thaw() {
        running().forEach(process -> Signals.send("CONT", process.handle()));
    }

    public RunningProcess process(String name) {
        return new RunningProcesses(own.folder())
                .named(name)
                .orElseThrow(() -> new AssertionError(name + " is not running"));
    }

    public String secret(String name) {
        return own.secret(name);
    }

    /** As the service of this name sees its own. */
    public Database database(String service) {
        return own.database(service);
    }

    public SigningKeys keys() {
        return SigningKeys.in(own.folder());
    }

    /** What this service's first instance writes. */
    public Path log(ServiceName service) {
        return own.folder().log(service.label());
    }

    /** The spans that were sent to the local inbox, as OTLP has them. */
    public Path traces() {
        return own.folder().file("traces.jsonl");
    }

    /** With the token of the local tenant's admin, who runs the platform, too. */
    public Answer asAdmin(String method, String url, @Nullable String body) {
        return Web.send(
                method,
                url,
                body,
                "Authorization",
                "Bearer " + secret(Credentials.ADMIN_TOKEN),
                "Content-Type",
                "application/json");
    }

    public String scheduler() {
        return scheduler(1);
    }

    /** @param instance counts from 1 */
    String scheduler(int instance) {
        return localhost(ports().service(ServiceName.SCHEDULER, instance));
    }

    public String delivery() {
        return localhost(ports().service(ServiceName.DELIVERY, 1));
    }

    public String booking() {
        return booking(1);
    }

    /** @param instance counts from 1 */
    public String booking(int instance) {
        return localhost(ports().service(ServiceName.BOOKING, instance));
    }

    public String relay() {
        return localhost(ports().service(ServiceName.OUTBOX_RELAY, 1));
    }

    public String providers() {
        return localhost(ports().providers());
    }

    /** The first instance of each service. */
    public List<String> services() {
        return List.of(scheduler(), delivery(), booking(), relay());
    }

    public Ports ports() {
        return own.ports();
    }

    private static String localhost(int port) {
        return "http://localhost:" + port;
    }
}
