package dev.carillon.benchmarks.stack;

import dev.carillon.benchmarks.report.Machine;
import dev.carillon.benchmarks.report.Report;
import dev.carillon.local.OwnStack;
import dev.carillon.local.ServiceName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * From the start of each service's process to its readiness, over databases that are migrated already, and what memory is resident then; one service
 * after another, as {@code make up} starts them. In a JVM, with the AOT cache if {@code make aot} has recorded one since the build, or as the native
 * executables that {@code make native} has built.
 */
public final class StartBenchmark {
    private static final Pattern READY = Pattern.compile("(?m)^ +([a-z-]+) +\\d+ +ready after ([0-9.]+) s$");

    private final String runtime;
    private final int rounds;
    /** Services that have started, and whether each of their starts was with an AOT cache. */
    private final Map<String, Boolean> cached = new HashMap<>();

    /** @param runtime as {@code CARILLON_RUNTIME} has it */
    public StartBenchmark(String runtime, int rounds) {
        this.runtime = runtime;
        this.rounds = rounds;
    }

    public void run() throws IOException {
        double load = Machine.loadNow();
        Path root = Path.of("").toAbsolutePath();
        var stack =
                OwnStack.in(root, root.resolve("deploy/benchmarks/target/stack"), Map.of("CARILLON_RUNTIME", runtime));
        Map<String, List<Double>> seconds = new HashMap<>();
        Map<String, List<Double>> mebibytes = new HashMap<>();
        // The first start migrates, and is not counted.
        stack.startAfresh();
        for (int round = 0; round < rounds; round++) {
            stack.run("down");
            READY.matcher(stack.up()).results().forEach(ready -> seconds.computeIfAbsent(
                            ready.group(1), name -> new ArrayList<>())
                    .add(Double.parseDouble(ready.group(2))));
            ResidentMemory.ofServices(stack.running()).forEach((service, resident) -> mebibytes
                    .computeIfAbsent(service, name -> new ArrayList<>())
                    .add(resident));
            AotCaches.mappedByServices(stack.running())
                    .forEach((service, mapped) -> cached.merge(service, mapped, Boolean::logicalAnd));
        }
        stack.run("down");
        var report = new Report("start-" + runtime, Machine.here("18", AppInfoParser.getVersion(), load));
        services()
                .forEach(name -> report.add(
                        row(name, seconds.getOrDefault(name, List.of()), mebibytes.getOrDefault(name, List.of()))));
        System.out.println(report.table());
        System.out.println("Written to "
                + report.write(Path.of(System.getProperty("carillon.results", "deploy/benchmarks/target/results"))));
    }

    private static Stream<String> services() {
        return Stream.of(ServiceName.values()).map(ServiceName::label);
    }

    private Map<String, Object> row(String service, List<Double> seconds, List<Double> mebibytes) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put(runtime, service);
        row.put("rounds", seconds.size());
        row.put("ready after s, median", median(seconds));
        row.put("worst", seconds.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN));
        row.put("resident MiB, median", median(mebibytes));
        row.put("AOT cache", cached.getOrDefault(service, false) ? "used" : "none");
        return row;
    }

    private static double median(List<Double> values) {
        return values.isEmpty() ? Double.NaN : values.stream().sorted().toList().get(values.size() / 2);
    }
}
