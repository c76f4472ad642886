package dev.carillon.benchmarks.stack;

import dev.carillon.benchmarks.report.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Many registered endpoints, each with a host of its own, under a steady load over all of them: how late the webhooks of the others are, and what they
 * cost, while the others get all of it, while a dead one gets its share, and while that one gets a tenth of it. The dead one takes connections and requests,
 * and never answers. Every webhook to another one that is due after the first seconds is a sample.
 */
public final class ThousandBenchmark implements StackBenchmark {
    private static final long NEAREST = 3_000_000;
    /** More than the lead, so that some are staged when they are created and others later. */
    private static final long FARTHEST = 40_000_000;

    private static final int CLIENTS = 64;
    private static final int HOSTS_A_NET = 250;
    private static final int DEAD = -1;

    private final int endpoints;
    private final int rate;
    private final int seconds;

    public ThousandBenchmark(int endpoints, int rate, int seconds) {
        this.endpoints = endpoints;
        this.rate = rate;
        this.seconds = seconds;
    }

    @Override
    public void run(LocalStack stack, Receiver receiver, Report report) {
        try (var dead = new DeadReceiver();
                var registry = new Endpoints(stack)) {
            System.err.printf("registering %d endpoints …%n", endpoints);
            // With the dead one as many as a tenant may have by default.
            var living = new String[endpoints - 1];
            for (int i = 0; i < living.length; i++) {
                living[i] = registry.register("http://" + host(i) + ":" + receiver.port() + "/hooks");
            }
            var deadOne = registry.register("http://127.0.0.1:" + dead.port() + "/hooks");
            measure(stack, receiver, report, new Phase("none", living, deadOne, 0), dead);
            measure(stack, receiver, report, new Phase("one, with its share", living, deadOne, 1.0 / endpoints), dead);
            measure(stack, receiver, report, new Phase("one, with a tenth", living, deadOne, 0.1), dead);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All of them are this machine. */
    private static String host(int number) {
        return "127." + (1 + number / HOSTS_A_NET / HOSTS_A_NET) + "." + number / HOSTS_A_NET % HOSTS_A_NET + "."
                + (1 + number % HOSTS_A_NET);
    }

    /**
     * Which endpoints there are.
     *
     * @param deadShare of all messages
     */
    private record Phase(String dead, String[] living, String deadOne, double deadShare) {
        /** For each message the place of its endpoint. */
        int[] destinations(int count) {
            var random = new Random(7);
            return IntStream.range(0, count)
                    .map(i -> random.nextDouble() < deadShare ? DEAD : random.nextInt(living.length))
                    .toArray();
        }

        String endpoint(int destination) {
            return destination == DEAD ? deadOne : living[destination];
        }
    }

    private void measure(LocalStack stack, Receiver receiver, Report report, Phase phase, DeadReceiver dead) {
        var posts = new Posts(stack.schedulerPort(), stack.apiKey(), receiver.url());
        int count = (int) (rate * (FARTHEST / 1_000_000 + seconds));
        var arrivals = new Arrivals(count);
        receiver.notes(arrivals);
        int[] to = phase.destinations(count);
        int toTheLiving = (int) IntStream.of(to).filter(one -> one != DEAD).count();
        int deadBefore = dead.connections();
        long begin = Micros.now() + 500_000;
        long[] due = dueInstants(begin, count);
        System.err.printf("creating %d at %d/s, dead: %s …%n", count, rate, phase.dead);
        var meter = new Meter(stack, begin + FARTHEST, begin + FARTHEST + seconds * 1_000_000L);
        var created = new Load(stack.schedulerPort(), CLIENTS)
                .open(count, rate, 201, i -> posts.due(i, phase.endpoint(to[i]), Micros.instant(due[i])));
        created.check();
        Patience.until(() -> arrivals.arrived() == toTheLiving, Duration.ofSeconds(75));
        int[] measured = IntStream.range(0, count)
                .filter(i -> to[i] != DEAD)
                .filter(i -> due[i] >= begin + FARTHEST && due[i] < begin + FARTHEST + seconds * 1_000_000L)
                .toArray();
        var samples = Samples.of(IntStream.of(measured)
                .filter(arrivals::has)
                .mapToDouble(i -> (arrivals.firstAt(i) - due[i]) / 1e3)
                .toArray());
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("lateness at", rate + "/s");
        row.put("dead", phase.dead);
        row.put("messages to it", count - toTheLiving);
        row.put("calls of it", dead.connections() - deadBefore);
        row.put("samples of the others", samples.sorted().length);
        samples.addTo(row);
        row.put("early", samples.negative());
        row.put("repeated", arrivals.repeated());
        row.put("missing", toTheLiving - arrivals.arrived());
        report.add(row);
        report.add(meter.spent().per10000("delivered to the others, dead: " + phase.dead, measured.length));
    }

    private long[] dueInstants(long begin, int count) {
        var random = new Random(7);
        return IntStream.range(0, count)
                .mapToLong(i -> begin + i * 1_000_000L / rate + random.nextLong(NEAREST, FARTHEST))
                .toArray();
    }
}
