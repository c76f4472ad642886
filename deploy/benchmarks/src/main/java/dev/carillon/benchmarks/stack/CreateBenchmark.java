package dev.carillon.benchmarks.stack;

import dev.carillon.benchmarks.report.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Creating webhooks, by so many clients at once, each request waiting for its answer. */
public final class CreateBenchmark implements StackBenchmark {
    /** More than can be created in a second. */
    private static final int MOST_A_SECOND = 20_000;

    private final int clients;
    private final int seconds;
    private final Duration ahead;

    /** @param ahead how long after its creation a message is due, at least; they are spread over an hour from then on */
    public CreateBenchmark(int clients, int seconds, Duration ahead) {
        this.clients = clients;
        this.seconds = seconds;
        this.ahead = ahead;
    }

    @Override
    public void run(LocalStack stack, Receiver receiver, Report report) {
        create(stack, receiver, report);
    }

    /** What creating came to, besides what the report has of it. */
    record Created(double aSecond, Samples millis) {}

    Created create(LocalStack stack, Receiver receiver, Report report) {
        var posts = new Posts(stack.schedulerPort(), stack.apiKey(), receiver.url());
        System.err.println("creating for " + seconds + " s …");
        var measured = measure(stack, posts, seconds);
        measured.outcome.check();
        int created = measured.outcome.millis().length;
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("clients", clients);
        row.put("created", created);
        row.put("created/s", (int) (created / measured.outcome.seconds()));
        var samples = Samples.of(measured.outcome.millis());
        samples.addTo(row);
        report.add(row);
        report.add(measured.spent.per10000("created", created));
        report.add(Map.of(
                "messages in the database", Integer.parseInt(stack.ask("scheduler", "SELECT count(*) FROM message"))));
        return new Created(created / measured.outcome.seconds(), samples);
    }

    private record Measured(Load.Outcome outcome, StackCpu spent) {}

    private Measured measure(LocalStack stack, Posts posts, int howLong) {
        var before = stack.cpu();
        Instant first = Instant.now().plus(ahead);
        var outcome = new Load(stack.schedulerPort(), clients)
                .closedFor(
                        howLong, howLong * MOST_A_SECOND, 201, i -> posts.due(i, first.plusMillis(i % 3_600 * 1_000L)));
        return new Measured(outcome, stack.cpu().since(before));
    }
}
