package dev.carillon.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.local.process.ProcessIdentity;
import dev.carillon.local.process.RunningProcess;
import dev.carillon.local.state.StateFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stack of a JVM that is killed, with real PostgreSQL and Kafka, in a repository in which no service is built. */
class OwnStackTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Path root;
    private final OwnStack next;
    private Process owner;
    private List<ProcessIdentity> started = List.of();

    OwnStackTest(@TempDir Path root) {
        this.root = root;
        this.next = of(root);
    }

    private static OwnStack of(Path root) {
        return OwnStack.in(root, root.resolve("state"), Map.of());
    }

    /** A JVM as a test run is one: it starts its stack, says so, and waits to be killed. */
    static final class Owner {

        private Owner() {}

        public static void main(String[] arguments) throws InterruptedException {
            of(Path.of(arguments[0])).startAfresh();
            System.out.println("started");
            Thread.sleep(PATIENCE.multipliedBy(4));
        }
    }

    @BeforeEach
    void start() throws IOException {
        owner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Owner.class.getName(),
                        root.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(owner.inputReader().readLine()).isEqualTo("started");
        started = next.running().stream().map(RunningProcess::identity).toList();
        assertThat(started).hasSize(3).allMatch(ProcessIdentity::isAlive);
    }

    @AfterEach
    void end() {
        owner.destroyForcibly();
        await().atMost(PATIENCE).until(() -> next.run("down").exit() == 0);
    }

    @Test
    void a_stack_ends_with_its_jvm_even_after_kill_9() {
        owner.destroyForcibly();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(started).noneMatch(ProcessIdentity::isAlive));
    }

    @Test
    void the_next_stack_in_its_folder_waits_until_it_has_ended() {
        ProcessIdentity keeper = ProcessIdentity.parse(
                        StateFolder.at(root.resolve("state")).lines("keeper").getFirst())
                .orElseThrow();
        assertThat(keeper.isAlive()).isTrue();

        owner.destroyForcibly();
        next.startAfresh();

        assertThat(keeper.isAlive()).isFalse();
        assertThat(started).noneMatch(ProcessIdentity::isAlive);
        assertThat(next.running()).hasSize(3);
    }
}
