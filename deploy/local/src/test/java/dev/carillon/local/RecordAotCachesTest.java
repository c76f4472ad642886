package dev.carillon.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/local/record-aot-caches}, with a stack and traffic that only write down that they were called. */
class RecordAotCachesTest {

    private static final Path HERE = Path.of("record-aot-caches").toAbsolutePath();
    private static final long PATIENCE_SECONDS = 30;

    private static final String STACK = "echo \"$1 as $CARILLON_RUNTIME at $CARILLON_PORT_OFFSET\" >>called\n";
    private static final String WRITES_CACHES = """
            if [ "$1" = down ]; then
                for module in scheduler-service delivery-service booking-service outbox-relay; do
                    echo new >$module/target/quarkus-app/quarkus-run.aot
                done
            fi
            """;

    private final Path root;

    RecordAotCachesTest(@TempDir Path root) {
        this.root = root;
    }

    private record Ended(int exit, String output) {}

    @BeforeEach
    void a_repository_with_caches_of_an_earlier_build() throws IOException {
        for (ServiceName service : ServiceName.values()) {
            Files.createDirectories(cache(service).getParent());
            Files.writeString(cache(service), "old\n");
        }
        Files.createDirectories(root.resolve("deploy/local"));
        Files.copy(HERE, root.resolve("deploy/local/record-aot-caches"));
        script("traffic", "echo \"traffic of $1 at $CARILLON_PORT_OFFSET\" >>called\n");
    }

    @Test
    void a_stack_of_its_own_records_traffic_and_is_forgotten() throws Exception {
        script("stack", STACK + WRITES_CACHES);

        Ended ended = recording();

        assertThat(ended.exit()).as(ended.output()).isZero();
        assertThat(called())
                .containsExactly(
                        "up as recording at 20000",
                        "traffic of 400 at 20000",
                        "down as recording at 20000",
                        "reset as recording at 20000");
        for (ServiceName service : ServiceName.values()) {
            assertThat(cache(service)).hasContent("new");
            assertThat(ended.output()).contains(root.relativize(cache(service)).toString());
        }
    }

    @Test
    void a_cache_of_an_earlier_build_is_not_taken_for_one_that_was_not_written() throws Exception {
        script("stack", STACK);

        assertThat(recording().exit()).isNotZero();
        assertThat(cache(ServiceName.BOOKING)).doesNotExist();
    }

    @Test
    void a_stack_that_does_not_start_is_forgotten_and_what_it_said_is_shown() throws Exception {
        script("stack", STACK + "[ \"$1\" != up ] || { echo 'port 28081 is taken'; exit 1; }\n");

        Ended ended = recording();

        assertThat(ended.exit()).isNotZero();
        assertThat(ended.output()).contains("port 28081 is taken");
        assertThat(called()).containsExactly("up as recording at 20000", "reset as recording at 20000");
    }

    @Test
    void traffic_that_is_refused_fails_and_the_stack_is_forgotten() throws Exception {
        script("stack", STACK + WRITES_CACHES);
        script("traffic", "exit 22\n");

        assertThat(recording().exit()).isEqualTo(22);
        assertThat(called()).containsExactly("up as recording at 20000", "reset as recording at 20000");
    }

    private Ended recording() throws IOException, InterruptedException {
        Path said = root.resolve("said");
        var builder = new ProcessBuilder(List.of("sh", "deploy/local/record-aot-caches"))
                .directory(root.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("CARILLON_"));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), Files.readString(said, UTF_8));
    }

    private List<String> called() throws IOException {
        return Files.readAllLines(root.resolve("called"));
    }

    private Path cache(ServiceName service) {
        return root.resolve(service.module()).resolve("target/quarkus-app/quarkus-run.aot");
    }

    private void script(String name, String commands) throws IOException {
        Path file = root.resolve("deploy/local").resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + commands);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
