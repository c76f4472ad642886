package dev.carillon.benchmarks.stack;

import dev.carillon.local.ServiceName;
import dev.carillon.local.process.RunningProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether the services of a stack run with an AOT cache: a JVM that leaves aside the one that it was given does not say so, and does not map it. */
final class AotCaches {
    private static final String CACHE = "/quarkus-run.aot";

    private AotCaches() {}

    /** Of each service that is among what runs, by its name. */
    static Map<String, Boolean> mappedByServices(List<RunningProcess> running) {
        List<String> services =
                Stream.of(ServiceName.values()).map(ServiceName::label).toList();
        return running.stream()
                .filter(process -> services.contains(process.name()))
                .collect(Collectors.toMap(RunningProcess::name, AotCaches::isMapped));
    }

    private static boolean isMapped(RunningProcess process) {
        Path maps = Path.of("/proc", Long.toString(process.handle().pid()), "maps");
        try (Stream<String> lines = Files.lines(maps)) {
            return lines.anyMatch(line -> line.endsWith(CACHE));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot ask what " + process.name() + " has mapped", e);
        }
    }
}
