package dev.carillon.benchmarks.stack;

import dev.carillon.benchmarks.report.Report;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** From a request that says {@code now} to the receiver, at a steady rate. */
public final class NowBenchmark implements StackBenchmark {
    private static final int CLIENTS = 64;
    private static final int FIRST_SECONDS = 5;

    private final int rate;
    private final int seconds;

    public NowBenchmark(int rate, int seconds) {
        this.rate = rate;
        this.seconds = seconds;
    }

    @Override
    public void run(LocalStack stack, Receiver receiver, Report report) {
        var posts = new Posts(stack.schedulerPort(), stack.apiKey(), receiver.url());
        // The first seconds bring the rate to its level.
        int warm = rate * FIRST_SECONDS;
        int count = warm + rate * seconds;
        var arrivals = new Arrivals(count);
        receiver.notes(arrivals);
        System.err.printf("creating %d at %d/s, the first %d s not counted …%n", count, rate, FIRST_SECONDS);
        long begin = Micros.now();
        var meter =
                new Meter(stack, begin + FIRST_SECONDS * 1_000_000L, begin + (FIRST_SECONDS + seconds) * 1_000_000L);
        var created = new Load(stack.schedulerPort(), CLIENTS).open(count, rate, 201, posts::now);
        created.check();
        Patience.until(() -> arrivals.arrived() == count, Duration.ofSeconds(75));
        int[] measured = IntStream.range(warm, count).filter(arrivals::has).toArray();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("request to receiver at", rate + "/s");
        row.put("samples", measured.length);
        // Its latency as a request, less what came after it was really sent, is what it was sent too late.
        Samples.of(IntStream.of(measured)
                        .mapToDouble(i -> (arrivals.firstAt(i) - created.sentMicros()[i]) / 1e3 + created.waited()[i])
                        .toArray())
                .addTo(row);
        row.put("repeated", arrivals.repeated());
        row.put("missing", count - arrivals.arrived());
        report.add(row);
        Map<String, Object> creating = new LinkedHashMap<>();
        creating.put("creating at", rate + "/s");
        Samples.of(IntStream.of(measured).mapToDouble(i -> created.millis()[i]).toArray())
                .addTo(creating);
        report.add(creating);
        report.add(meter.spent().per10000("created, staged and delivered", rate * seconds));
    }
}
