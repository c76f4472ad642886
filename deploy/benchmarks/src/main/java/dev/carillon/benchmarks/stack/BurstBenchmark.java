package dev.carillon.benchmarks.stack;

import dev.carillon.benchmarks.report.Report;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Webhooks that are all due at one instant: when the last one arrives. Beside it, in every round, bare loops that post as many requests of the same
 * content to the same receiver over kept connections: bytes that were made before over one socket, each request waiting for the answer to the one before,
 * and over as many as delivery uses; and the JDK's HTTP client, with as many requests open. The first round warms up, and is told but not counted.
 */
public final class BurstBenchmark implements StackBenchmark {
    private static final String WARM_UP = "warm-up";
    private static final int CLIENTS = 32;
    /** As delivery has by default to one receiver: {@code carillon.webhook.pool-size}. */
    private static final int CONNECTIONS = 32;
    /** More than it takes to create them, and within the lead. */
    private static final Duration AHEAD = Duration.ofSeconds(20);

    private final int messages;
    private final int rounds;

    public BurstBenchmark(int messages, int rounds) {
        this.messages = messages;
        this.rounds = rounds;
    }

    @Override
    public void run(LocalStack stack, Receiver receiver, Report report) {
        double[] lasts = new double[rounds];
        double[] bares = new double[rounds];
        double[] pooled = new double[rounds];
        double[] clients = new double[rounds];
        var spent = new StackCpu[rounds];
        for (int round = 0; round <= rounds; round++) {
            System.err.println(round == 0 ? "warming up …" : "round " + round + " …");
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("round", round == 0 ? WARM_UP : Integer.toString(round));
            double one = bare(receiver, 1);
            double many = bare(receiver, CONNECTIONS);
            double client = byClient(receiver);
            var burst = burst(stack, receiver, row);
            row.put("bare loop s", seconds(one));
            row.put("bare, " + CONNECTIONS + " connections s", seconds(many));
            row.put("JDK's client s", seconds(client));
            report.add(row);
            if (round > 0) {
                lasts[round - 1] = burst.lastSeconds;
                bares[round - 1] = one;
                pooled[round - 1] = many;
                clients[round - 1] = client;
                spent[round - 1] = burst.spent;
            }
        }
        report.add(medians(lasts, bares, pooled, clients));
        for (int round = 0; round < rounds; round++) {
            report.add(spent[round].per10000("created, staged and delivered, round " + (round + 1), messages));
        }
    }

    private record Burst(double lastSeconds, StackCpu spent) {}

    private Burst burst(LocalStack stack, Receiver receiver, Map<String, Object> row) {
        var posts = new Posts(stack.schedulerPort(), stack.apiKey(), receiver.url());
        var arrivals = new Arrivals(messages);
        receiver.notes(arrivals);
        var before = stack.cpu();
        long begin = Micros.now();
        long due = Micros.now() + AHEAD.toMillis() * 1_000;
        var created =
                new Load(stack.schedulerPort(), CLIENTS).closed(messages, 201, i -> posts.due(i, Micros.instant(due)));
        created.check();
        if (Micros.now() >= due && !row.containsValue(WARM_UP)) {
            throw new IllegalStateException("creating them took longer than " + AHEAD);
        }
        Patience.until(() -> arrivals.arrived() == messages, AHEAD.plus(Duration.ofSeconds(60)));
        awaitThatEveryResultIsTold(stack, begin);
        var samples = Samples.of(IntStream.range(0, messages)
                .filter(arrivals::has)
                .mapToDouble(i -> (arrivals.firstAt(i) - due) / 1e3)
                .toArray());
        row.put("created/s", (int) (messages / created.seconds()));
        row.put("first ms", samples.percentile(0));
        row.put("half ms", samples.percentile(0.5));
        row.put("last s", seconds(samples.largest() / 1e3));
        row.put("early", samples.negative());
        row.put("repeated", arrivals.repeated());
        row.put("missing", messages - arrivals.arrived());
        return new Burst(samples.largest() / 1e3, stack.cpu().since(before));
    }

    /** That it was delivered is what the scheduler knows last; asked for seldom, since asking costs, too. */
    static void awaitThatEveryResultIsTold(LocalStack stack, long begin) {
        // Ids are of version 7: those of this burst are a range of them, however many others there are.
        String first = String.format("%012x", begin / 1_000).replaceFirst("(.{8})", "$1-") + "-7000-8000-000000000000";
        for (int i = 0; i < 120; i++) {
            Patience.sleep(Duration.ofMillis(500));
            if (stack.ask(
                            "scheduler",
                            "SELECT EXISTS (SELECT FROM message WHERE id >= '%s' AND status <> 'delivered')"
                                    .formatted(first))
                    .equals("f")) {
                return;
            }
        }
    }

    private double bare(Receiver receiver, int connections) {
        receiver.notes(new Arrivals(messages));
        var posts = new Posts(receiver.port(), "", receiver.url());
        var outcome = new Load(receiver.port(), connections).closed(messages, 200, posts::bare);
        outcome.check();
        return outcome.seconds();
    }

    private double byClient(Receiver receiver) {
        receiver.notes(new Arrivals(messages));
        return new ClientLoop(receiver.url(), CONNECTIONS).post(messages);
    }

    private Map<String, Object> medians(double[] lasts, double[] bares, double[] pooled, double[] clients) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("messages", messages);
        row.put("rounds", rounds);
        row.put("median last s", seconds(median(lasts)));
        row.put("median bare s", seconds(median(bares)));
        row.put("to bare", seconds(median(lasts) / median(bares)));
        row.put("to bare, " + CONNECTIONS + " connections", seconds(median(lasts) / median(pooled)));
        row.put("to the JDK's client", seconds(median(lasts) / median(clients)));
        return row;
    }

    private static double median(double[] figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Two decimals are worth reading here. */
    private static String seconds(double figure) {
        return String.format(Locale.ROOT, "%.2f", figure);
    }
}
