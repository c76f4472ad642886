package dev.carillon.benchmarks.stack;

import dev.carillon.benchmarks.report.Machine;
import dev.carillon.benchmarks.report.Report;
import dev.carillon.local.process.RunningProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * The services under each garbage collector in turn, on a stack with fresh data each time: how many messages are created and how fast, how late they are at
 * a rate that the machine keeps up with, and how much memory each service has then. The order moves on by one from round to round, so that none
 * is always the first.
 */
public final class CollectorsBenchmark {
    private static final int CLIENTS = 32;
    private static final Duration AHEAD = Duration.ofHours(1);

    /** One of those that the JVM has. What an option says that comes later than the launcher's own counts. */
    private enum Collector {
        SERIAL("-XX:+UseSerialGC"),
        G1("-XX:-UseSerialGC -XX:+UseG1GC"),
        ZGC("-XX:-UseSerialGC -XX:+UseZGC");

        private final String options;

        Collector(String options) {
            this.options = options;
        }
    }

    private final int rounds;
    private final int rate;
    private final int seconds;
    private final int warm;

    /**
     * @param rate of the messages whose lateness is measured, a second
     * @param seconds for which creating is measured, and then lateness
     */
    public CollectorsBenchmark(int rounds, int rate, int seconds, int warm) {
        this.rounds = rounds;
        this.rate = rate;
        this.seconds = seconds;
        this.warm = warm;
    }

    public void run() throws IOException {
        var report = new Report("collectors", Machine.here("18", AppInfoParser.getVersion(), Machine.loadNow()));
        Map<Collector, List<Map<String, Double>>> turns = new EnumMap<>(Collector.class);
        try (var receiver = new Receiver()) {
            var order = new ArrayList<>(List.of(Collector.values()));
            for (int round = 1; round <= rounds; round++) {
                for (Collector collector : order) {
                    System.err.printf("round %d of %d: %s …%n", round, rounds, collector);
                    var ofTurn = report.of("collector", collector.name()).of("round", round);
                    var figures = measure(collector, receiver, ofTurn);
                    ofTurn.add(new LinkedHashMap<>(figures));
                    turns.computeIfAbsent(collector, key -> new ArrayList<>()).add(figures);
                }
                Collections.rotate(order, -1);
            }
        } finally {
            // What was measured before one that failed was measured all the same.
            turns.forEach((collector, figures) -> report.add(medians(collector, figures)));
            System.out.println(report.table());
            System.out.println("Written to "
                    + report.write(
                            Path.of(System.getProperty("carillon.results", "deploy/benchmarks/target/results"))));
        }
    }

    private Map<String, Double> measure(Collector collector, Receiver receiver, Report report) {
        try (var stack = LocalStack.start(Map.of("CARILLON_JAVA_OPTIONS", collector.options))) {
            checkThatThereIsNoAotCache(stack);
            report.add(Map.of("webhooks in the warm-up", WarmUp.run(stack, receiver, warm)));
            var created = new CreateBenchmark(CLIENTS, seconds, AHEAD).create(stack, receiver, report);
            var late = new LatenessBenchmark(rate, seconds, 0, false).late(stack, receiver, report);
            receiver.check();
            Map<String, Double> figures = new LinkedHashMap<>();
            figures.put("created/s", created.aSecond());
            figures.put("creating p50 ms", created.millis().percentile(0.5));
            figures.put("creating p99 ms", created.millis().percentile(0.99));
            figures.put("late at " + rate + "/s p50 ms", late.percentile(0.5));
            figures.put("late at " + rate + "/s p99 ms", late.percentile(0.99));
            ResidentMemory.ofServices(stack.running())
                    .forEach((service, resident) -> figures.put(service + " MiB", resident));
            return figures;
        }
    }

    /** Up to JDK 25 it does not serve every collector alike. */
    private static void checkThatThereIsNoAotCache(LocalStack stack) {
        for (RunningProcess process : stack.running()) {
            if (process.handle().info().commandLine().orElse("").contains("-XX:AOTCache=")) {
                throw new IllegalStateException(
                        process.name()
                                + " runs with an AOT cache, which does not serve every collector: remove its target/quarkus-app/quarkus-run.aot");
            }
        }
    }

    private static Map<String, Object> medians(Collector collector, List<Map<String, Double>> turns) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("medians of", collector.name());
        row.put("rounds", turns.size());
        for (String figure : turns.getFirst().keySet()) {
            row.put(figure, median(figure, turns));
        }
        return row;
    }

    private static double median(String figure, List<Map<String, Double>> turns) {
        double[] sorted = turns.stream()
                .mapToDouble(turn -> turn.getOrDefault(figure, Double.NaN))
                .sorted()
                .toArray();
        return sorted[sorted.length / 2];
    }
}
