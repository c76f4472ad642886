package dev.carillon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Programs that may be on this machine. What needs one that is not is left out and says so, or fails where nothing is to be left out. */
final class Program {

    private Program() {}

    /** @param absent what is left out without it */
    static Path find(String name, String absent) {
        Optional<Path> found = Arrays.stream(
                        System.getenv().getOrDefault("PATH", "").split(":", -1))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty()) {
            System.err.println(absent);
            assertThat(System.getenv("CARILLON_LEAVE_NOTHING_OUT")).as(absent).isNotEqualTo("true");
        }
        assumeTrue(found.isPresent(), absent);
        return found.orElseThrow();
    }
}
