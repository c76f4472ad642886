package dev.carillon.benchmarks.stack;

import dev.carillon.benchmarks.report.Report;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * How late webhooks are, from the due instant to the receiver's clock. They are created one by one at a steady rate, due 3 to 60 s after their
 * creation, so that some are staged when they are created and others when their lead begins. What is due in the first minute brings
 * both rates to their level; every one that is due in the seconds after it is a sample.
 */
public final class LatenessBenchmark implements StackBenchmark {
    private static final long NEAREST = 3_000_000;
    private static final long FARTHEST = 60_000_000;
    private static final int CLIENTS = 64;
    private static final int BATCH = 1_000;
    private static final int MINUTE = 60;

    private final int rate;
    private final int seconds;
    private final int pending;
    private final boolean held;

    /**
     * @param pending how many others are there, due days ahead
     * @param held whether another transaction stays open in the scheduler's and in delivery's database all the while
     */
    public LatenessBenchmark(int rate, int seconds, int pending, boolean held) {
        this.rate = rate;
        this.seconds = seconds;
        this.pending = pending;
        this.held = held;
    }

    @Override
    public void run(LocalStack stack, Receiver receiver, Report report) {
        late(stack, receiver, report);
    }

    /** How late they were, besides what the report has of it. */
    Samples late(LocalStack stack, Receiver receiver, Report report) {
        if (!held) {
            return measure(stack, receiver, report);
        }
        try (var scheduler = stack.holdTransaction("scheduler");
                var delivery = stack.holdTransaction("delivery")) {
            return measure(stack, receiver, report);
        } catch (SQLException e) {
            throw new IllegalStateException("a transaction that was held open cannot be ended", e);
        }
    }

    private Samples measure(LocalStack stack, Receiver receiver, Report report) {
        var posts = new Posts(stack.schedulerPort(), stack.apiKey(), receiver.url());
        fill(stack, posts);
        int count = (int) (rate * (FARTHEST / 1_000_000 + seconds));
        var arrivals = new Arrivals(count);
        receiver.notes(arrivals);
        long begin = Micros.now() + 500_000;
        long[] due = dueInstants(begin, count);
        System.err.printf("creating %d at %d/s …%n", count, rate);
        var meter = new Meter(stack, begin + FARTHEST, begin + FARTHEST + seconds * 1_000_000L);
        var created = new Load(stack.schedulerPort(), CLIENTS)
                .open(count, rate, 201, i -> posts.due(i, Micros.instant(due[i])));
        created.check();
        Patience.until(() -> arrivals.arrived() == count, Duration.ofSeconds(75));
        int[] measured = dueWithin(due, begin + FARTHEST, seconds);
        var all = samples(arrivals, due, measured);
        report.add(row("all", all, arrivals, count));
        if (seconds >= 2 * MINUTE) {
            var ofTheFirst = samples(arrivals, due, dueWithin(due, begin + FARTHEST, MINUTE));
            report.add(row("first minute", ofTheFirst, arrivals, count));
            long lastMinute = begin + FARTHEST + (seconds - MINUTE) * 1_000_000L;
            var ofTheLast = samples(arrivals, due, dueWithin(due, lastMinute, MINUTE));
            report.add(row("last minute", ofTheLast, arrivals, count));
        }
        Map<String, Object> creating = new LinkedHashMap<>();
        creating.put("creating at", rate + "/s");
        Samples.of(created.millis()).addTo(creating);
        report.add(creating);
        report.add(meter.spent().per10000("created, staged and delivered", measured.length));
        return all;
    }

    private void fill(LocalStack stack, Posts posts) {
        if (pending > 0) {
            System.err.printf("creating %d that are due later …%n", pending);
            Instant later = Instant.now().plus(Duration.ofDays(2));
            new Load(stack.schedulerPort(), 4)
                    .closed(
                            Math.ceilDiv(pending, BATCH),
                            200,
                            i -> posts.batch(Math.min(BATCH, pending - i * BATCH), later.plusSeconds((long) i * BATCH)))
                    .check();
        }
    }

    private long[] dueInstants(long begin, int count) {
        var random = new Random(7);
        return IntStream.range(0, count)
                .mapToLong(i -> begin + i * 1_000_000L / rate + random.nextLong(NEAREST, FARTHEST))
                .toArray();
    }

    private static int[] dueWithin(long[] due, long from, int seconds) {
        return IntStream.range(0, due.length)
                .filter(i -> due[i] >= from && due[i] < from + seconds * 1_000_000L)
                .toArray();
    }

    private static Samples samples(Arrivals arrivals, long[] due, int[] measured) {
        return Samples.of(IntStream.of(measured)
                .filter(arrivals::has)
                .mapToDouble(i -> (arrivals.firstAt(i) - due[i]) / 1e3)
                .toArray());
    }

    private Map<String, Object> row(String which, Samples samples, Arrivals arrivals, int count) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("lateness at", rate + "/s");
        row.put("of", which);
        row.put("others pending", pending);
        row.put("held", held ? "yes" : "no");
        row.put("samples", samples.sorted().length);
        samples.addTo(row);
        row.put("early", samples.negative());
        row.put("repeated", arrivals.repeated());
        row.put("missing", count - arrivals.arrived());
        return row;
    }
}
