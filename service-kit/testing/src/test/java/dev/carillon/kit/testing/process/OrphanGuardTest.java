package dev.carillon.kit.testing.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.kafka.KafkaServer;
import dev.carillon.kit.testing.postgres.PostgresServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OrphanGuardTest {

    /** A JVM as a test run is one: it starts shared servers, says so, and waits to be killed. */
    static final class TestRun {

        private TestRun() {}

        public static void main(String[] arguments) throws InterruptedException {
            System.out.println("pids " + PostgresServer.shared().pid() + " "
                    + KafkaServer.shared().pid());
            System.out.flush();
            Thread.sleep(Duration.ofMinutes(5));
        }
    }

    @Test
    void a_test_run_that_is_killed_leaves_no_server_and_no_data() throws IOException {
        Path temporary = Files.createTempDirectory("carillon-guard-test");
        var run = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        TestRun.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String[] pids = pidsSaidBy(run);
        var postgres = ProcessHandle.of(Long.parseLong(pids[1])).orElseThrow();
        var kafka = ProcessHandle.of(Long.parseLong(pids[2])).orElseThrow();

        run.destroyForcibly();

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(postgres.isAlive() || kafka.isAlive())
                .isFalse());
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(foldersIn(temporary)).isZero());
        TemporaryFolder.delete(temporary);
    }

    private static String[] pidsSaidBy(Process run) throws IOException {
        BufferedReader said = run.inputReader(StandardCharsets.UTF_8);
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith("pids ")) {
                return line.split(" ");
            }
        }
        throw new AssertionError("the run ended without starting its servers");
    }

    private static long foldersIn(Path temporary) throws IOException {
        try (var left = Files.list(temporary)) {
            return left.filter(path -> path.getFileName().toString().matches("carillon-(postgres|kafka)-.*"))
                    .count();
        }
    }
}
