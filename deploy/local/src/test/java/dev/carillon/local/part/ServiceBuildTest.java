package dev.carillon.local.part;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.local.Options;
import dev.carillon.local.ServiceName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceBuildTest {

    private static final Instant BUILT = Instant.parse("2026-11-28T12:00:00Z");

    private final Path root;
    private final Path target;
    private final Path application;

    ServiceBuildTest(@TempDir Path root) {
        this.root = root;
        this.target = root.resolve("delivery-service/target");
        this.application = target.resolve("quarkus-app");
    }

    @BeforeEach
    void a_package_with_a_class() throws Exception {
        Files.createDirectories(application.resolve("app"));
        jar(application.resolve("app/delivery-service.jar"), "dev/carillon/delivery/Some.class");
        Path start = application.resolve("quarkus-run.jar");
        jar(start, "META-INF/other");
        Files.setLastModifiedTime(start, FileTime.from(BUILT));
    }

    @Test
    void a_package_runs_in_this_jvm_with_the_options_of_the_caller_after_its_own() {
        ServiceBuild build = build(Map.of("CARILLON_JAVA_OPTIONS", "-Xlog:gc"));

        assertThat(build.exists()).isTrue();
        assertThat(build.builtAt()).isEqualTo(BUILT);
        assertThat(build.command())
                .startsWith(System.getProperty("java.home") + "/bin/java")
                .containsSubsequence("-Xmx256m", "-Xlog:gc", "-jar", application + "/quarkus-run.jar")
                .noneMatch(word -> word.contains("AOT"));
    }

    @Test
    void a_package_without_a_class_is_not_there() throws Exception {
        jar(application.resolve("app/delivery-service.jar"), "application.properties");

        assertThat(build(Map.of()).exists()).isFalse();
    }

    @Test
    void a_cache_is_used_unless_it_is_older_than_the_package() throws Exception {
        Path cache = Files.createFile(application.resolve("quarkus-run.aot"));
        Files.setLastModifiedTime(cache, FileTime.from(BUILT.plusSeconds(60)));
        assertThat(build(Map.of()).command()).contains("-XX:AOTCache=" + cache);

        Files.setLastModifiedTime(cache, FileTime.from(BUILT.minusSeconds(60)));
        assertThat(build(Map.of()).command()).noneMatch(word -> word.contains("AOT"));
    }

    @Test
    void who_records_uses_none() throws Exception {
        Path cache = Files.createFile(application.resolve("quarkus-run.aot"));

        assertThat(build(Map.of("CARILLON_RUNTIME", "recording")).command())
                .contains("-XX:AOTCacheOutput=" + cache)
                .doesNotContain("-XX:AOTCache=" + cache);
    }

    @Test
    void a_native_executable_runs_as_it_is() throws Exception {
        var asNative = Map.of("CARILLON_RUNTIME", "native");
        assertThat(build(asNative).exists()).isFalse();

        Path executable = Files.createFile(target.resolve("delivery-service-1-runner"));
        assertThat(executable.toFile().setExecutable(true)).isTrue();

        assertThat(build(asNative).exists()).isTrue();
        assertThat(build(asNative).command())
                .startsWith(executable.toString(), "-Xmx256m", "-Xmn16m")
                .doesNotContain("-jar");
    }

    private ServiceBuild build(Map<String, String> environment) {
        return new ServiceBuild(Options.from(root, environment), ServiceName.DELIVERY);
    }

    private static void jar(Path file, String entry) throws Exception {
        try (var jar = new JarOutputStream(Files.newOutputStream(file))) {
            jar.putNextEntry(new JarEntry(entry));
        }
    }
}
