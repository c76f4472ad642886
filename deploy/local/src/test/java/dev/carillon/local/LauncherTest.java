package dev.carillon.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.local.OwnStack.Ended;
import dev.carillon.local.process.ProcessIdentity;
import dev.carillon.local.process.RunningProcess;
import dev.carillon.local.state.RunningProcesses;
import dev.carillon.local.state.StateFolder;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher as {@code make} runs it, with real PostgreSQL and Kafka, in a repository in which no service is built. */
class LauncherTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Path root;
    private final OwnStack stack;
    private final StateFolder state;

    LauncherTest(@TempDir Path root) {
        this.root = root;
        this.stack = OwnStack.in(root, root.resolve("state"), Map.of());
        this.state = stack.folder();
    }

    @AfterEach
    void stop() {
        assertThat(stack.run("down").exit()).isZero();
        assertThat(stack.running()).isEmpty();
    }

    @Test
    void up_ends_with_ready_and_leaves_the_stack_running_until_down() {
        Ended up = stack.run("up");
        assertThat(up.output()).contains("postgres", "kafka", "providers", "scheduler is not built yet", "\nready in ");
        assertThat(up.exit()).isZero();
        assertThat(state.lines("pids")).hasSize(3).allMatch(line -> line.matches("(postgres|kafka|providers) \\d+"));
        List<RunningProcess> first = stack.running();

        // The one that is missing is started, the others stay; the data is still there.
        RunningProcess kafka = new RunningProcesses(state).named("kafka").orElseThrow();
        kafka.handle().destroyForcibly();
        assertThat(kafka.endsWithin(PATIENCE)).isTrue();
        Ended again = stack.run("up");
        assertThat(again.output()).contains("was running, process");
        assertThat(again.exit()).isZero();
        assertThat(stack.running())
                .hasSize(3)
                .containsAll(first.stream().filter(RunningProcess::isAlive).toList());

        int offset = stack.ports().offset();
        Ended elsewhere = stack.run("up", Map.of("CARILLON_PORT_OFFSET", Integer.toString(offset + 1)));
        assertThat(elsewhere.exit()).isEqualTo(1);
        assertThat(elsewhere.output()).contains("runs with CARILLON_PORT_OFFSET=" + offset);

        Ended down = stack.run("down");
        assertThat(down.output())
                .containsSubsequence("providers", "kafka", "postgres")
                .doesNotContain("killed");
        assertThat(stack.running()).isEmpty();
        assertThat(state.lines("pids")).isEmpty();

        assertThat(stack.run("reset").exit()).isZero();
        assertThat(state.path()).doesNotExist();
    }

    @Test
    void a_port_in_use_is_named_with_who_needs_it_and_nothing_is_started() throws IOException {
        try (var taken = new ServerSocket(stack.ports().kafka())) {
            Ended up = stack.run("up");

            assertThat(up.exit()).isEqualTo(1);
            assertThat(up.output())
                    .contains(
                            "port " + taken.getLocalPort() + " is in use, and kafka needs it", "CARILLON_PORT_OFFSET");
        }
        assertThat(state.lines("pids")).isEmpty();
    }

    @Test
    void a_service_that_ends_while_starting_takes_the_start_back_and_its_last_words_are_shown() throws Exception {
        serviceThat("throw new IllegalStateException(\"no database for me\")");

        Ended up = stack.run("up");

        assertThat(up.exit()).isEqualTo(1);
        assertThat(up.output())
                .contains(
                        "scheduler ended while starting",
                        "no database for me",
                        state.log("scheduler").toString())
                .contains("Stopped again what had been started: providers, kafka, postgres");
        assertThat(stack.running()).isEmpty();
        assertThat(state.lines("pids")).isEmpty();
    }

    @Test
    void ctrl_c_while_starting_leaves_nothing_running() throws Exception {
        serviceThat("Thread.sleep(600_000)");
        Process launcher = stack.begin("up");
        awaitTheSchedulersStart(launcher);

        new ProcessBuilder("sh", "-c", "kill -INT " + launcher.pid()).start().waitFor();

        Ended up = OwnStack.awaitEnd(launcher);
        assertThat(up.exit()).isEqualTo(130);
        assertThat(up.output())
                .contains("Interrupted. Stopped again what had been started: scheduler, providers, kafka, postgres");
        assertThat(stack.running()).isEmpty();
    }

    @Test
    void kill_9_of_the_launcher_while_starting_leaves_nothing_running_and_the_next_command_waits_for_that()
            throws Exception {
        serviceThat("Thread.sleep(600_000)");
        Process launcher = stack.begin("up");
        awaitTheSchedulersStart(launcher);
        List<ProcessIdentity> started =
                stack.running().stream().map(RunningProcess::identity).toList();

        launcher.destroyForcibly();

        assertThat(stack.run("down").output()).contains("Nothing of the local stack is running");
        assertThat(started).noneMatch(ProcessIdentity::isAlive);
    }

    @Test
    void a_service_asked_for_by_name_must_be_built() {
        Ended up = stack.run("up", Map.of("SERVICES", "delivery"));

        assertThat(up.exit()).isEqualTo(1);
        assertThat(up.output()).contains("delivery is not built");
    }

    /** The last of four processes. A launcher that has ended will not start it, and has said why. */
    private void awaitTheSchedulersStart(Process launcher) {
        await().atMost(PATIENCE).until(() -> {
            if (!launcher.isAlive()) {
                throw new AssertionError("ended before that: " + OwnStack.awaitEnd(launcher));
            }
            return stack.running().size() == 4;
        });
    }

    /** Puts a program where the scheduler's package would be. */
    private void serviceThat(String statement) throws Exception {
        Path application = root.resolve("scheduler-service/target/quarkus-app");
        Path source = root.resolve("Scheduler.java");
        Files.createDirectories(application.resolve("app"));
        Files.writeString(
                source,
                "public class Scheduler { public static void main(String[] a) throws Exception { " + statement
                        + "; } }");
        var compiler = ToolProvider.getSystemJavaCompiler();
        assertThat(compiler.run(null, null, null, "-d", root.toString(), source.toString()))
                .isZero();
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "Scheduler");
        for (Path jar : List.of(application.resolve("quarkus-run.jar"), application.resolve("app/scheduler.jar"))) {
            try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
                out.putNextEntry(new JarEntry("Scheduler.class"));
                out.write(Files.readAllBytes(root.resolve("Scheduler.class")));
                out.closeEntry();
            }
        }
    }
}
