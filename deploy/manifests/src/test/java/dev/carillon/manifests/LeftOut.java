package dev.carillon.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Optional;

/** What needs something that may not be on this machine: it is left out and says so, or fails where {@code CARILLON_LEAVE_NOTHING_OUT} is true. */
final class LeftOut {
    private LeftOut() {}

    /** @param absent what is left out, and why */
    static void unless(boolean there, String absent) {
        if (!there) {
            System.err.println(absent);
            assertThat(System.getenv("CARILLON_LEAVE_NOTHING_OUT")).as(absent).isNotEqualTo("true");
        }
        assumeTrue(there, absent);
    }

    /** The program, on whose absence what asks is left out. */
    static Command without(String program, String absent) {
        Optional<Command> found = Command.find(program);
        unless(found.isPresent(), absent);
        return found.orElseThrow();
    }
}
