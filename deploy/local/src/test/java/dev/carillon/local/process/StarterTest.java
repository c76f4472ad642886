package dev.carillon.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carillon.local.StackFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StarterTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final Path folder;
    private final List<RunningProcess> writtenDown = new ArrayList<>();

    StarterTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void a_process_runs_in_a_session_of_its_own_with_its_environment_and_log() throws IOException {
        try (var guard = Guard.start()) {
            var starter = new Starter(guard, writtenDown::add);
            RunningProcess process = starter.start(launch("one", "echo \"$GREETING\"; exec sleep 300"));

            assertThat(writtenDown).containsExactly(process);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(folder.resolve("one.log")).hasContent("hello"));
            // Fields after the name: state, parent, process group, session.
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            assertThat(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3]).isEqualTo(Long.toString(process.pid()));
            assertThat(starter.endAll()).containsExactly("one");
        }
    }

    @Test
    void a_failed_start_ends_what_was_started_last_first_and_starts_no_more() {
        try (var guard = Guard.start()) {
            var starter = new Starter(guard, writtenDown::add);
            starter.start(launch("one", "exec sleep 300"));
            starter.start(launch("two", "exec sleep 300"));

            assertThat(starter.endAll()).containsExactly("two", "one");

            assertThat(writtenDown).noneMatch(RunningProcess::isAlive);
            assertThatThrownBy(() -> starter.start(launch("three", "true"))).isInstanceOf(StackFailure.class);
        }
    }

    @Test
    void what_a_successful_start_keeps_outlives_the_guard() {
        RunningProcess kept;
        try (var guard = Guard.start()) {
            var starter = new Starter(guard, writtenDown::add);
            kept = starter.start(launch("kept", "exec sleep 300"));
            starter.keepAll();
            assertThat(starter.endAll()).isEmpty();
        }
        assertThat(kept.isAlive()).isTrue();
        kept.signal(StopSignal.TERM);
        assertThat(kept.endsWithin(SOON)).isTrue();
    }

    /** A launcher that is in the middle of starting. */
    static final class Launching {

        private Launching() {}

        public static void main(String[] arguments) throws InterruptedException {
            var starter = new Starter(
                    Guard.start(Duration.ofSeconds(1)), process -> System.out.println("pid " + process.pid()));
            var folder = Path.of(arguments[0]);
            starter.start(new Launch("one", List.of("sleep", "300"), Map.of(), folder.resolve("one.log")));
            // One that does not end when it is asked to.
            List<String> stubborn = List.of("sh", "-c", "trap '' TERM; while :; do sleep 1; done");
            starter.start(new Launch("two", stubborn, Map.of(), folder.resolve("two.log")));
            System.out.println("started");
            Thread.sleep(SOON.multipliedBy(10));
        }
    }

    @Test
    void kill_9_of_the_launcher_while_it_starts_leaves_nothing_running() throws IOException {
        var launcher = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Launching.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var started = new ArrayList<ProcessIdentity>();
        var said = launcher.inputReader(StandardCharsets.UTF_8);
        for (String line = said.readLine(); line != null && !line.equals("started"); line = said.readLine()) {
            started.add(ProcessIdentity.of(Long.parseLong(line.substring("pid ".length())))
                    .orElseThrow());
        }
        assertThat(started).hasSize(2).allMatch(ProcessIdentity::isAlive);

        launcher.destroyForcibly();

        await().atMost(SOON).untilAsserted(() -> assertThat(started).noneMatch(ProcessIdentity::isAlive));
    }

    @Test
    void another_process_with_the_same_id_is_not_taken_for_ours() {
        ProcessIdentity own = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();

        assertThat(own.isAlive()).isTrue();
        assertThat(new ProcessIdentity(own.pid(), own.born() + "0").isAlive()).isFalse();
        assertThat(ProcessIdentity.of(Long.MAX_VALUE)).isEmpty();
    }

    private Launch launch(String name, String script) {
        return new Launch(
                name, List.of("sh", "-c", script), Map.of("GREETING", "hello"), folder.resolve(name + ".log"));
    }
}
