package dev.carillon.benchmarks.stack;

import dev.carillon.local.ServiceName;
import dev.carillon.local.process.RunningProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How much memory of the services of a stack is resident, as {@code proc_pid_status(5)} counts it. */
final class ResidentMemory {
    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB$");

    private ResidentMemory() {}

    /** In MiB, of each service that is among what runs, by its name. */
    static Map<String, Double> ofServices(List<RunningProcess> running) {
        List<String> services =
                Stream.of(ServiceName.values()).map(ServiceName::label).toList();
        var resident = new LinkedHashMap<String, Double>();
        for (RunningProcess process : running) {
            if (services.contains(process.name())) {
                resident.put(process.name(), mebibytes(process));
            }
        }
        return resident;
    }

    private static double mebibytes(RunningProcess process) {
        try {
            var status = RESIDENT.matcher(Files.readString(
                    Path.of("/proc", Long.toString(process.handle().pid()), "status")));
            return status.find() ? Long.parseLong(status.group(1)) / 1024.0 : Double.NaN;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot ask how much memory " + process.name() + " has", e);
        }
    }
}
