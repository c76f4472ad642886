package dev.carillon.benchmarks.pending;

import dev.carillon.benchmarks.report.Machine;
import dev.carillon.benchmarks.report.Report;
import dev.carillon.kit.testing.postgres.PostgresServer;
import dev.carillon.kit.testing.process.FreePort;
import dev.carillon.kit.testing.process.OrphanGuard;
import dev.carillon.kit.testing.process.TemporaryFolder;
import io.vertx.mutiny.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Creates, claims and stages groups of messages, in turn in a database with none pending and in one with many. */
public final class PendingBenchmark {
    private static final int WARM_ROUNDS = 5;
    private static final int NEAR_SECONDS = 4;
    private static final String PASSWORD = "benchmark";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final long messages;
    private final int group;
    private final int rounds;

    /** One database, and by the parts of its steps what each round came to, for a message. */
    private record Side(
            String title, Pending pending, PlanLog plans, Scheduler scheduler, Map<String, List<double[]>> seen) {}

    /** @param group how many messages share a commit */
    public PendingBenchmark(long messages, int group, int rounds) {
        this.messages = messages;
        this.group = group;
        this.rounds = rounds;
    }

    public void run() throws IOException, InterruptedException {
        double load = Machine.loadNow();
        Path folder = TemporaryFolder.create("pending");
        Path log = folder.resolve("postgres.log");
        try (var postgres = PostgresServer.start(folder.resolve("data"), FreePort.any(), PASSWORD, log)) {
            var guard = OrphanGuard.over(ProcessHandle.of(postgres.pid()).orElseThrow(), "INT", folder);
            postgres.ensureRole(PostgresServer.RELAY, PASSWORD);
            var report = new Report("pending", Machine.here(postgres, "not used", load));
            run(postgres, log, report);
            guard.release();
            System.out.println(report.table());
            System.out.println("Written to "
                    + report.write(
                            Path.of(System.getProperty("carillon.results", "deploy/benchmarks/target/results"))));
        } finally {
            TemporaryFolder.delete(folder);
        }
    }

    private void run(PostgresServer postgres, Path log, Report report) throws InterruptedException {
        var vertx = Vertx.vertx();
        System.err.printf("filling in %,d messages …%n", messages);
        var none = side(vertx, postgres, log, "none", 0);
        var many = side(vertx, postgres, log, "%,d".formatted(messages), messages);
        System.err.println("creating, claiming and staging …");
        for (int round = 0; round < WARM_ROUNDS + rounds; round++) {
            measure(none, new Random(round), round);
            measure(many, new Random(round), round);
        }
        compare(report, none, many);
        none.scheduler.close();
        many.scheduler.close();
    }

    private static Side side(Vertx vertx, PostgresServer postgres, Path log, String title, long messages) {
        var pending = new Pending(postgres, "pending");
        pending.fill(messages);
        pending.explain();
        return new Side(
                title,
                pending,
                new PlanLog(log, pending.database().name()),
                new Scheduler(vertx, pending.database()),
                new LinkedHashMap<>());
    }

    private void measure(Side side, Random random, int round) throws InterruptedException {
        int before = side.scheduler.staged();
        side.plans.read();
        side.scheduler.create(random.longs(
                        group,
                        Duration.ofDays(1).toMillis(),
                        Duration.ofDays(365).toMillis())
                .mapToObj(wait -> Instant.now().truncatedTo(ChronoUnit.MICROS).plusMillis(wait))
                .toList());
        var creating = settled(side.plans);
        side.pending.comeNear(group, NEAR_SECONDS);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (side.scheduler.staged() - before < group) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not staged within " + PATIENCE);
            }
            Thread.sleep(20);
        }
        var staging = settled(side.plans);
        if (round >= WARM_ROUNDS) {
            add(side, creating, Step::whileCreating);
            add(side, staging, Step::whileStaging);
        }
    }

    /** The last ones may be under way to the log still. */
    private static List<Explained> settled(PlanLog plans) throws InterruptedException {
        Thread.sleep(50);
        return plans.read();
    }

    private void add(Side side, List<Explained> all, Function<String, Optional<Step.Part>> partOf) {
        var sums = new LinkedHashMap<String, double[]>();
        for (var one : all) {
            var part = partOf.apply(one.sql());
            if (part.isEmpty()) {
                continue;
            }
            boolean idle = part.get().step() == Step.CLAIM && one.rows() == 0;
            if (idle) {
                seen(side, "claim, nothing there").add(new double[] {one.buffers(), one.millis()});
                continue;
            }
            for (var name :
                    new LinkedHashSet<>(List.of(part.get().title(), part.get().step().title))) {
                var sum = sums.computeIfAbsent(name, any -> new double[2]);
                sum[0] += (double) one.buffers() / group;
                sum[1] += one.millis();
            }
        }
        sums.forEach((name, sum) -> seen(side, name).add(sum));
    }

    private static List<double[]> seen(Side side, String name) {
        return side.seen.computeIfAbsent(name, any -> new ArrayList<>());
    }

    private void compare(Report report, Side none, Side many) {
        var names = new ArrayList<>(Step.parts());
        names.add("claim, nothing there");
        for (var step : Step.values()) {
            if (!names.contains(step.title)) {
                names.add(step.title);
            }
        }
        for (var name : names) {
            double buffersOfNone = median(seen(none, name), one -> one[0]);
            double buffersOfMany = median(seen(many, name), one -> one[0]);
            Map<String, Object> row = new LinkedHashMap<>();
            row.put(
                    "statement",
                    name + (Arrays.stream(Step.values()).anyMatch(step -> step.title.equals(name)) ? ", all" : ""));
            row.put("rounds", seen(none, name).size());
            row.put("buffers, none pending", buffersOfNone);
            row.put("buffers, " + many.title + " pending", buffersOfMany);
            row.put("ratio", "%.2f".formatted(buffersOfMany / buffersOfNone));
            row.put("ms a group, none", median(seen(none, name), one -> one[1]));
            row.put("ms a group, many", median(seen(many, name), one -> one[1]));
            report.add(row);
        }
    }

    private static double median(List<double[]> rounds, ToDoubleFunction<double[]> figure) {
        var sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }
}
