package dev.carillon.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.process.Signals;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LastWillTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    /** Says so in the file, and succeeds the second time. */
    private static final String AT_THE_SECOND_TIME = "echo done >>\"$1\"; [ $(wc -l <\"$1\") -ge 2 ]";

    private final Path file;

    LastWillTest(@TempDir Path folder) {
        this.file = folder.resolve("done");
    }

    /** A JVM that has left a will, and waits for its end. */
    static final class Testator {

        private Testator() {}

        public static void main(String[] arguments) throws InterruptedException {
            LastWill.of(command(Path.of(arguments[0])));
            System.out.println("left");
            Thread.sleep(SOON.multipliedBy(10));
        }
    }

    private static ProcessBuilder command(Path file) {
        return new ProcessBuilder("sh", "-c", AT_THE_SECOND_TIME, "sh", file.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "KILL"})
    void the_command_is_run_when_the_jvm_is_gone_until_it_succeeds(String signal) throws IOException {
        Process testator = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Testator.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(testator.inputReader().readLine()).isEqualTo("left");
        assertThat(file).doesNotExist();

        Signals.send(signal, testator.toHandle());

        await().atMost(SOON).untilAsserted(() -> assertThat(file).hasContent("done\ndone\n"));
    }

    @Test
    void a_will_that_is_revoked_does_nothing() {
        var will = LastWill.of(command(file));
        ProcessIdentity executor = will.identity().orElseThrow();

        will.revoke();

        await().atMost(SOON).until(() -> !executor.isAlive());
        assertThat(file).doesNotExist();
    }
}
