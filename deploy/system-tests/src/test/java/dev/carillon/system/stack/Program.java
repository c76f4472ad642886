package dev.carillon.system.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs that may be on this machine. What needs one that is not is left out and says so, or fails where nothing is to be left out. */
public final class Program {

    /** Where servers are, which is on root's path alone. */
    private static final String OF_SERVERS = "/usr/sbin";

    private Program() {}

    /** @param absent what is left out without it */
    public static Path find(String name, String absent) {
        Optional<Path> found = folders()
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
        leaveOutUnless(found.isPresent(), absent);
        return found.orElseThrow();
    }

    private static Stream<String> folders() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Arrays.stream(path.split(":", -1)), Stream.of(OF_SERVERS));
    }

    /** @param absent what is left out otherwise */
    public static void leaveOutUnless(boolean present, String absent) {
        if (!present) {
            System.err.println(absent);
            assertThat(System.getenv("CARILLON_LEAVE_NOTHING_OUT")).as(absent).isNotEqualTo("true");
        }
        assumeTrue(present, absent);
    }
}
