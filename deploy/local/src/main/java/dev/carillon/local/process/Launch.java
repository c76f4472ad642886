package dev.carillon.local.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A process to be started: what runs, what it finds in its environment beside this one's, and where its output goes. */
public record Launch(String name, List<String> command, Map<String, String> environment, Path log) {

    public Launch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** Without the environment, which holds secrets. */
    @Override
    public String toString() {
        return name + ": " + String.join(" ", command);
    }
}
