package dev.carillon.benchmarks.stack;

import dev.carillon.benchmarks.report.Machine;
import dev.carillon.benchmarks.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.AppInfoParser;

/** Something to be measured on a local stack. */
public interface StackBenchmark {

    /** On a stack that is warm; what it adds to the report says for itself what it is. */
    void run(LocalStack stack, Receiver receiver, Report report);

    /** Starts a stack, warms it up, measures one after the other, prints the table and writes the JSON. */
    static void measure(String name, int warmSeconds, List<StackBenchmark> benchmarks) throws IOException {
        double load = Machine.loadNow();
        try (var receiver = new Receiver();
                var stack = LocalStack.start()) {
            var machine = Machine.here(stack.postgresVersion(), AppInfoParser.getVersion(), load);
            var report = new Report(name, machine);
            Map<String, Object> warm = new LinkedHashMap<>();
            warm.put("warm-up s", warmSeconds);
            warm.put("webhooks in it", WarmUp.run(stack, receiver, warmSeconds));
            report.add(warm);
            try {
                for (var benchmark : benchmarks) {
                    benchmark.run(stack, receiver, report);
                    receiver.check();
                }
            } finally {
                // What was measured before one that failed was measured all the same.
                System.out.println(report.table());
                System.out.println("Written to "
                        + report.write(
                                Path.of(System.getProperty("carillon.results", "deploy/benchmarks/target/results"))));
            }
        }
    }
}
