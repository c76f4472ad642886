package dev.carillon.system.installation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.local.ServiceName;
import dev.carillon.system.stack.TestStack;
import io.vertx.core.json.JsonArray;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What each {@code Dockerfile.jvm} says, done without Docker: its {@code COPY}s into a folder that stands for {@code /app}, its {@code RUN} there, which trains, and the JVM of
 * its {@code ENTRYPOINT}, with the Java by which the tests run. What is not shown is the base image and its user.
 */
class ImageForTheJvmIT {

    private static final long PATIENCE_SECONDS = 120;
    private static final int FEWEST_CLASSES = 20;

    private static final Pattern COPY = Pattern.compile("(?m)^COPY (\\S+) (\\S+)$");
    private static final Pattern RUN = Pattern.compile("(?m)^RUN ((?:.*\\\\\\n)*.*)$");
    private static final Pattern ENTRYPOINT = Pattern.compile("(?m)^ENTRYPOINT (\\[.*])$");
    private static final Pattern OF_CARILLON = Pattern.compile("(?m)^ *\\d+: dev\\.carillon\\.\\S+ app_loader$");

    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin");

    /** As while an image is built: nobody listens where a database or a broker would be, and no other service has the port. */
    private static final Map<String, String> NOTHING_THERE = Map.of(
            "PATH", JAVA + File.pathSeparator + System.getenv().getOrDefault("PATH", "/usr/bin:/bin"),
            "QUARKUS_HTTP_PORT", "0",
            "KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1",
            "CARILLON_DATABASE_HOST", "127.0.0.1",
            "CARILLON_DATABASE_PORT", "1");

    private final Path app;
    private final Path log;

    ImageForTheJvmIT(@TempDir Path app, @TempDir Path logs) {
        this.app = app;
        this.log = logs.resolve("log");
    }

    @ParameterizedTest
    @EnumSource
    void what_a_dockerfile_trains_is_a_cache_of_the_services_classes_that_its_entrypoint_starts_with(
            ServiceName service) throws IOException, InterruptedException {
        Path module = TestStack.root().resolve(service.module());
        String dockerfile = Files.readString(module.resolve("src/main/docker/Dockerfile.jvm"));
        copy(dockerfile, module);

        assertThat(run(List.of("sh", "-c", only(RUN, dockerfile)))).as(said()).isZero();
        Path cache = app.resolve("quarkus-run.aot");
        assertThat(Files.size(cache)).isPositive();
        assertThat(app.resolve("training.log")).doesNotExist();

        assertThat(run(looking(dockerfile))).as(said()).isZero();
        assertThat(OF_CARILLON.matcher(Files.readString(log)).results().count())
                .as("classes of Carillon in the cache of %s", service)
                .isGreaterThanOrEqualTo(FEWEST_CLASSES);

        Files.write(cache, new byte[1_000]);
        assertThat(run(looking(dockerfile))).as("a cache that is none").isNotZero();
    }

    /** Makes the JVM of the entrypoint print what is in its cache instead of starting the service, and fail if it cannot use it. */
    private List<String> looking(String dockerfile) {
        var command = new ArrayList<String>();
        for (Object word : new JsonArray(only(ENTRYPOINT, dockerfile))) {
            if (word.equals("-jar")) {
                command.addAll(List.of("-XX:AOTMode=on", "-XX:+PrintSharedArchiveAndExit"));
            }
            command.add(word.toString());
        }
        assertThat(command).contains("-XX:AOTMode=on", "-XX:AOTCache=" + app.resolve("quarkus-run.aot"));
        return command;
    }

    /** The one instruction of this kind, about the folder. */
    private String only(Pattern instruction, String dockerfile) {
        List<String> found = instruction
                .matcher(dockerfile)
                .results()
                .map(one -> one.group(1))
                .toList();
        assertThat(found).as(instruction.pattern()).hasSize(1);
        assertThat(found.getFirst()).contains("/app/");
        return found.getFirst().replace("/app/", app + "/");
    }

    private void copy(String dockerfile, Path module) throws IOException {
        List<List<String>> copies = COPY.matcher(dockerfile)
                .results()
                .map(one -> List.of(one.group(1), one.group(2)))
                .toList();
        assertThat(copies).hasSizeGreaterThanOrEqualTo(5);
        for (List<String> copy : copies) {
            Path from = module.resolve(copy.getFirst());
            Path to = app.resolve(copy.getLast()).normalize();
            if (Files.isDirectory(from)) {
                copyAllOf(from, to);
            } else {
                Files.copy(from, to.resolve(from.toFile().getName()));
            }
        }
    }

    private static void copyAllOf(Path from, Path to) throws IOException {
        List<Path> all;
        try (Stream<Path> walked = Files.walk(from)) {
            all = walked.toList();
        }
        for (Path one : all) {
            Files.copy(one, to.resolve(from.relativize(one)));
        }
    }

    /** To its end, in the folder, with nothing of this process's environment. */
    private int run(List<String> command) throws IOException, InterruptedException {
        var words = new ArrayList<>(command);
        if (words.getFirst().equals("java")) {
            words.set(0, JAVA.resolve("java").toString());
        }
        var builder = new ProcessBuilder(words)
                .directory(app.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment().putAll(NOTHING_THERE);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("%s ends by itself", words)
                    .isTrue();
            return process.exitValue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private String said() throws IOException {
        return Files.readString(log);
    }
}
