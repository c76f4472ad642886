package dev.carillon.benchmarks.stack;

import dev.carillon.benchmarks.pending.PendingMessages;
import dev.carillon.benchmarks.report.Machine;
import dev.carillon.benchmarks.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * Lateness, creating and a burst, in turn on a stack whose scheduler has no other message pending and on one that has as many as are wanted. Both stacks
 * run all the while, so that each is measured beside an idle one, and each turn finds the machine as the one before it did.
 */
public final class LoadedBenchmark {
    private static final int RATE = 200;
    private static final int SECONDS = 30;
    private static final int CREATE_SECONDS = 20;
    private static final int BURST = 10_000;

    private final int messages;
    private final int rounds;
    private final int warm;

    public LoadedBenchmark(int messages, int rounds, int warm) {
        this.messages = messages;
        this.rounds = rounds;
        this.warm = warm;
    }

    public void run() throws IOException {
        double load = Machine.loadNow();
        try (var receiver = new Receiver();
                var none = LocalStack.start();
                var many = LocalStack.start("beside", Map.of())) {
            var report = new Report("loaded", Machine.here(none.postgresVersion(), AppInfoParser.getVersion(), load));
            System.err.printf("filling in %,d messages …%n", messages);
            new PendingMessages(many.database("scheduler")).fill(messages);
            WarmUp.run(none, receiver, warm);
            WarmUp.run(many, receiver, warm);
            try {
                for (int round = 0; round < rounds; round++) {
                    measure(none, receiver, report.of("others pending", 0));
                    measure(many, receiver, report.of("others pending", messages));
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

    private static void measure(LocalStack stack, Receiver receiver, Report report) {
        for (var one : List.of(
                new LatenessBenchmark(RATE, SECONDS, 0, false),
                new CreateBenchmark(32, CREATE_SECONDS, Duration.ofHours(1)),
                new BurstBenchmark(BURST, 1))) {
            one.run(stack, receiver, report);
            receiver.check();
        }
    }
}
