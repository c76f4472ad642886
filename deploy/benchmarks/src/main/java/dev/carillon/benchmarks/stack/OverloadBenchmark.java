package dev.carillon.benchmarks.stack;

import dev.carillon.benchmarks.report.Machine;
import dev.carillon.benchmarks.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * Creating webhooks at one, two and three times the rate that is the most for clients which wait for their answers: how many are accepted and how fast,
 * beside the same while next to nothing is asked; what becomes of the others; and how it is in the seconds after. Load and stack are each on cores of
 * their own, where that can be had. No caller's rate is limited, so that what is refused is refused for what is in flight.
 */
public final class OverloadBenchmark {
    private static final int MOST_TIMES = 3;
    private static final int SECONDS_AFTER = 5;
    private static final Duration AHEAD = Duration.ofHours(1);
    private static final int SPREAD_SECONDS = 3_600;
    /** For the code of the load itself, which the warm-up of the stack does not run. */
    private static final OpenLoop.Stretch FIRST = new OpenLoop.Stretch(300, 10);

    private static final Duration FOR_THE_CONNECTIONS = Duration.ofSeconds(1);
    private static final String NO_LIMIT = "1000000";

    /**
     * How much there is of what.
     *
     * @param clients which find out the most that is created
     * @param seconds of each load
     * @param idle next to nothing, a second
     * @param connections of the load: when all of them wait for an answer, what is due is late
     * @param warm seconds of webhooks before anything is measured
     */
    public record Sizes(int clients, int seconds, int idle, int connections, int warm) {}

    /** How many requests may be in flight: {@code CARILLON_LIMITS_CONCURRENCY_MIN}, {@code _MAX} and {@code _SLOW}. */
    public record InFlight(int least, int most, Duration slow) {}

    private final Sizes sizes;
    private final InFlight inFlight;

    public OverloadBenchmark(Sizes sizes, InFlight inFlight) {
        this.sizes = sizes;
        this.inFlight = inFlight;
    }

    public void run() throws IOException {
        double load = Machine.loadNow();
        var cores = Cores.ofThisProcess();
        boolean apart = cores.goToTheStacks();
        try (var receiver = new Receiver();
                var stack = LocalStack.start(settings())) {
            var machine = Machine.here(stack.postgresVersion(), AppInfoParser.getVersion(), load);
            var report = new Report("overload", machine);
            apart = apart && cores.goToTheLoads();
            report.add(where(stack, apart));
            try {
                measure(stack, receiver, report);
                receiver.check();
            } finally {
                // What was measured before something failed was measured all the same.
                System.out.println(report.table());
                System.out.println("Written to "
                        + report.write(
                                Path.of(System.getProperty("carillon.results", "deploy/benchmarks/target/results"))));
            }
        }
    }

    private Map<String, String> settings() {
        return Map.of(
                "CARILLON_LIMITS_PRINCIPAL_RATE", NO_LIMIT,
                "CARILLON_LIMITS_PRINCIPAL_BURST", NO_LIMIT,
                "CARILLON_LIMITS_TENANT_RATE", NO_LIMIT,
                "CARILLON_LIMITS_TENANT_BURST", NO_LIMIT,
                "CARILLON_LIMITS_CONCURRENCY_MIN", Integer.toString(inFlight.least),
                "CARILLON_LIMITS_CONCURRENCY_MAX", Integer.toString(inFlight.most),
                "CARILLON_LIMITS_CONCURRENCY_SLOW", inFlight.slow.toString());
    }

    private Map<String, Object> where(LocalStack stack, boolean apart) {
        if (!apart) {
            System.err.println("load and stack are not pinned apart, which takes taskset and two cores");
        }
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("pinned", apart ? "yes" : "no");
        row.put(
                "the stack's cores",
                stack.running().stream()
                        .map(process -> Cores.of(process.handle()))
                        .distinct()
                        .collect(Collectors.joining(" and ")));
        row.put("the load's", Cores.of(ProcessHandle.current()));
        row.put("connections", sizes.connections);
        row.put("in flight at least", inFlight.least);
        row.put("at most", inFlight.most);
        row.put("slow from ms", inFlight.slow.toMillis());
        return row;
    }

    private void measure(LocalStack stack, Receiver receiver, Report report) throws IOException {
        report.add(Map.of("webhooks in the warm-up", WarmUp.run(stack, receiver, sizes.warm)));
        try (var loop = new OpenLoop(stack.schedulerPort(), sizes.connections)) {
            Patience.sleep(FOR_THE_CONNECTIONS);
            var posts = new Posts(stack.schedulerPort(), stack.apiKey(), receiver.url());
            offer(stack, loop, posts, FIRST);
            var idle = offer(stack, loop, posts, new OpenLoop.Stretch(sizes.idle, sizes.seconds));
            double peak = new CreateBenchmark(sizes.clients, sizes.seconds, AHEAD)
                    .create(stack, receiver, report)
                    .aSecond();
            report.add(row("idle", idle, idle, peak));
            for (int times = 1; times <= MOST_TIMES; times++) {
                String name = times + " × peak";
                var offered = offer(stack, loop, posts, new OpenLoop.Stretch(times * peak, sizes.seconds));
                report.add(row(name, offered, idle, peak));
                report.add(rowAfter(name, offered.after));
                report.add(offered.spent.per10000("accepted, " + name, offered.tally.accepted()));
            }
        }
    }

    /**
     * What came of a load.
     *
     * @param after of next to nothing, right after it
     */
    private record Offered(Tally tally, Tally after, StackCpu spent) {}

    private Offered offer(LocalStack stack, OpenLoop loop, Posts posts, OpenLoop.Stretch stretch) throws IOException {
        System.err.printf("offering %d/s for %d s …%n", (int) stretch.rate(), stretch.seconds());
        Instant first = Instant.now().plus(AHEAD);
        long begin = Micros.now();
        var meter = new Meter(stack, begin, begin + stretch.seconds() * 1_000_000L);
        var tallies = loop.run(
                List.of(stretch, new OpenLoop.Stretch(sizes.idle, SECONDS_AFTER)),
                i -> posts.due(i, first.plusMillis(i % SPREAD_SECONDS * 1_000L)));
        return new Offered(tallies.getFirst(), tallies.getLast(), meter.spent());
    }

    private static Map<String, Object> row(String name, Offered offered, Offered idle, double peak) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("load", name);
        row.put("% of peak", 100 * offered.tally.acceptedASecond() / peak);
        row.put("p99 to idle's", p99(offered.tally) / p99(idle.tally));
        offered.tally.addTo(row);
        return row;
    }

    private static double p99(Tally tally) {
        return tally.acceptedMillis().percentile(0.99);
    }

    private static Map<String, Object> rowAfter(String name, Tally after) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("in the seconds after", name);
        row.put("for s", SECONDS_AFTER);
        row.put("accepted/s", after.acceptedASecond());
        row.put("not accepted", after.notAccepted());
        row.put("the last of them after ms", after.lastNotAcceptedMillis());
        after.acceptedMillis().addTo(row);
        return row;
    }
}
