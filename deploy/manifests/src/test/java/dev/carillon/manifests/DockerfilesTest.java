package dev.carillon.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DockerfilesTest {
    static List<String> modules() {
        return Repository.MODULES;
    }

    @ParameterizedTest
    @MethodSource("modules")
    void the_image_for_the_jvm_copies_what_the_build_leaves(String module) {
        Path folder = Repository.ROOT.resolve(module);
        LeftOut.unless(
                Files.exists(folder.resolve("target/quarkus-app/quarkus-run.jar")),
                "LEFT OUT: " + module + " is not packaged, so that what its Dockerfile.jvm copies was not looked for");
        String file = Repository.read(Dockerfiles.jvm(module));
        assertThat(Dockerfiles.problems(module, file, folder)).isEmpty();
        assertThat(Repository.read(folder.resolve(".dockerignore")))
                .isEqualTo("*\n!target/quarkus-app\n!src/main/docker/jvm.options\n");
    }

    @ParameterizedTest
    @MethodSource("modules")
    void the_image_for_the_jvm_trains_and_runs_with_the_options_of_the_local_stack(String module) {
        String options = Repository.read(Dockerfiles.options(module));
        assertThat(Dockerfiles.foreign(options)).isEmpty();
        assertThat(Dockerfiles.foreign(options + "-Xmx1g\n")).containsExactly("-Xmx1g");
        assertThat(Repository.read(Dockerfiles.jvm(module)))
                .contains("java @jvm.options -XX:AOTCacheOutput=/app/quarkus-run.aot -jar /app/quarkus-run.jar")
                .contains(
                        "[\"java\", \"@/app/jvm.options\", \"-XX:AOTCache=/app/quarkus-run.aot\", \"-jar\", \"/app/quarkus-run.jar\"]");
    }

    @ParameterizedTest
    @MethodSource("modules")
    void the_native_image_copies_what_is_in_the_repository(String module) {
        assertThat(Dockerfiles.problems(module, Repository.read(Dockerfiles.nativ(module)), Repository.ROOT))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void the_native_image_has_the_heap_that_the_local_stack_gives_its_executables(String module) {
        String options = Dockerfiles.nativeOptions(Repository.read(Dockerfiles.nativ(module)));
        assertThat(options).isEqualTo("-Xmx256m\n-Xmn16m\n");
        assertThat(Dockerfiles.foreign(options)).isEmpty();
        assertThat(Dockerfiles.nativeOptions("ENTRYPOINT [\"/app/application\"]\n"))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void what_is_not_there_is_seen(String module) {
        String file = Repository.read(Dockerfiles.nativ(module));
        assertThat(Dockerfiles.problems(module, file.replace("service-kit/ ", "servicekit/ "), Repository.ROOT))
                .containsExactly(module + " copies what is not there: servicekit/");
        assertThat(Dockerfiles.problems(module, file.replaceAll("EXPOSE \\d+", "EXPOSE 8080"), Repository.ROOT))
                .singleElement()
                .asString()
                .contains("not at 8080");
    }
}
