package dev.carillon.benchmarks.stack;

import dev.carillon.benchmarks.report.ProcessCpu;
import dev.carillon.local.process.RunningProcess;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** CPU time by part of the stack, that of its child processes included, up to a moment or between two. */
record StackCpu(Map<String, Duration> byPart) {
    /** Stands for the outside world, and is idle where there is another receiver. */
    private static final Set<String> NOT_THE_PRODUCT = Set.of("providers");

    static StackCpu of(List<RunningProcess> running) {
        var byPart = new LinkedHashMap<String, Duration>();
        for (RunningProcess process : running) {
            if (!NOT_THE_PRODUCT.contains(process.name())) {
                byPart.put(process.name(), ProcessCpu.of(process.handle()));
            }
        }
        return new StackCpu(byPart);
    }

    StackCpu since(StackCpu before) {
        var spent = new LinkedHashMap<String, Duration>();
        byPart.forEach((part, now) -> spent.put(part, now.minus(before.byPart.getOrDefault(part, Duration.ZERO))));
        return new StackCpu(spent);
    }

    /** In CPU-seconds for each 10,000 of {@code count}, of the whole and of each part. */
    Map<String, Object> per10000(String what, int count) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("CPU s per 10,000", what);
        double scale = 10_000.0 / Math.max(1, count);
        row.put("all", byPart.values().stream().mapToLong(Duration::toMillis).sum() / 1e3 * scale);
        byPart.forEach((part, spent) -> row.put(part, spent.toMillis() / 1e3 * scale));
        return row;
    }
}
