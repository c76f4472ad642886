package dev.carillon.benchmarks.stack;

import dev.carillon.benchmarks.report.Report;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many bytes a webhook leaves behind that was created for now, delivered once and reported: in each table with its indexes, in the write-ahead log and in
 * each topic. Nothing is vacuumed for it, and nothing of it is old enough to be dropped.
 */
public final class SizeBenchmark implements StackBenchmark {
    private static final int CLIENTS = 32;
    private static final Duration FOR_THE_REST = Duration.ofSeconds(90);

    private final int messages;

    public SizeBenchmark(int messages) {
        this.messages = messages;
    }

    @Override
    public void run(LocalStack stack, Receiver receiver, Report report) {
        var posts = new Posts(stack.schedulerPort(), stack.apiKey(), receiver.url());
        var arrivals = new Arrivals(messages);
        receiver.notes(arrivals);
        System.err.printf("creating %d for now …%n", messages);
        var before = Sizes.of(stack);
        long begin = Micros.now();
        new Load(stack.schedulerPort(), CLIENTS)
                .closed(messages, 201, posts::now)
                .check();
        Patience.until(() -> arrivals.arrived() == messages, FOR_THE_REST);
        BurstBenchmark.awaitThatEveryResultIsTold(stack, begin);
        var grown = Sizes.of(stack).since(before);
        grown.tables().forEach((table, bytes) -> add(report, table, bytes));
        grown.topics().forEach((topic, bytes) -> add(report, "Kafka: " + topic, bytes));
        add(report, "all tables", sum(grown.tables()));
        add(report, "write-ahead log", grown.writeAhead());
        add(report, "all topics", sum(grown.topics()));
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("messages", messages);
        whole.put("repeated", arrivals.repeated());
        whole.put("missing", messages - arrivals.arrived());
        report.add(whole);
    }

    private static long sum(Map<String, Long> bytes) {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }

    private void add(Report report, String what, long bytes) {
        if (bytes >= messages) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("what grew", what);
            row.put("KiB", bytes / 1024);
            row.put("bytes a message", (double) bytes / messages);
            report.add(row);
        }
    }
}
