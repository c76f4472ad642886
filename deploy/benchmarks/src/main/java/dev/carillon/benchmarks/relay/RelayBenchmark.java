package dev.carillon.benchmarks.relay;

import dev.carillon.benchmarks.report.Machine;
import dev.carillon.benchmarks.report.Report;
import dev.carillon.kit.testing.kafka.KafkaServer;
import dev.carillon.kit.testing.kafka.Topic;
import dev.carillon.kit.testing.postgres.PostgresServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.AppInfoParser;

/** The relay as it is: a backlog, a steady load, one hot key; the first two also while another transaction stays open. */
public final class RelayBenchmark {
    private static final int STAGED_AT_ONCE = 500;
    private static final int KEYS = 20_000;
    private static final int WARM_EVENTS = 30_000;
    private static final int WARM_SECONDS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Sizes sizes;
    private final String only;
    private final boolean[] freeAndHeld;

    /**
     * How much of each.
     *
     * @param events of the backlog
     * @param seconds of the steady load
     * @param hot events of the one key
     */
    public record Sizes(int events, int seconds, int hot) {}

    /**
     * @param only {@code backlog}, {@code steady}, {@code hot}, or empty for all of them
     * @param held whether another transaction stays open: {@code yes}, {@code no}, or empty for both
     */
    public RelayBenchmark(Sizes sizes, String only, String held) {
        this.sizes = sizes;
        this.only = only;
        this.freeAndHeld = held.isEmpty() ? new boolean[] {false, true} : new boolean[] {held.equals("yes")};
    }

    /** The servers that this run starts. */
    private record Servers(PostgresServer postgres, KafkaServer kafka, Vertx vertx) implements AutoCloseable {
        static Servers start() {
            return new Servers(PostgresServer.startTemporary(), KafkaServer.startTemporary(), Vertx.vertx());
        }

        String newTopic() {
            var topic = Topic.named("benchmark." + System.nanoTime());
            kafka.createTopics(topic);
            return topic.name();
        }

        Cost cost(Source source) {
            return Cost.now(postgres, kafka, source);
        }

        RelayUnderLoad relay(Source source, Acknowledgements acknowledged) {
            return new RelayUnderLoad(vertx, source, kafka.bootstrapServers(), acknowledged).start();
        }

        @Override
        public void close() {
            vertx.close().toCompletionStage().toCompletableFuture().join();
            kafka.close();
            postgres.close();
        }
    }

    public void run() throws IOException, InterruptedException {
        double load = Machine.loadNow();
        try (Servers servers = Servers.start()) {
            var report = new Report("relay", Machine.here(servers.postgres(), AppInfoParser.getVersion(), load));
            say("warming up");
            backlog(servers, false, WARM_EVENTS, KEYS);
            steady(servers, false, WARM_SECONDS);
            for (boolean held : freeAndHeld) {
                if (wants("backlog")) {
                    say("backlog" + (held ? ", a transaction held open" : ""));
                    report.add(backlog(servers, held, sizes.events(), KEYS));
                }
            }
            for (boolean held : freeAndHeld) {
                if (wants("steady")) {
                    say("steady load" + (held ? ", a transaction held open" : ""));
                    report.add(steady(servers, held, sizes.seconds()));
                }
            }
            if (wants("hot")) {
                say("one hot key");
                report.add(backlog(servers, false, sizes.hot(), 1));
            }
            System.out.println(report.table());
            System.out.println("Written to "
                    + report.write(
                            Path.of(System.getProperty("carillon.results", "deploy/benchmarks/target/results"))));
        }
    }

    private boolean wants(String part) {
        return only.isEmpty() || only.equals(part);
    }

    private static void say(String what) {
        System.err.println(what + " …");
    }

    private static Map<String, Object> backlog(Servers servers, boolean held, int events, int keys)
            throws InterruptedException {
        String topic = servers.newTopic();
        var acknowledged = new Acknowledgements(events);
        Map<String, Object> row = new LinkedHashMap<>();
        try (var source = new Source(servers.postgres());
                Connection open = source.transaction(held)) {
            checkpoint(source);
            Cost unstaged = servers.cost(source);
            stage(source, topic, events, keys);
            Cost staging = servers.cost(source).since(unstaged);
            TableSizes start = TableSizes.now(source);
            Cost before = servers.cost(source);
            Cost draining;
            try (var relay = servers.relay(source, acknowledged)) {
                acknowledged.awaitAll(PATIENCE);
                draining = servers.cost(source).since(before);
            }
            double seconds = (acknowledged.lastNanos() - acknowledged.firstNanos()) / 1e9;
            row.put("backlog", keys == 1 ? "one hot key" : events + " events");
            row.put("held", held ? "yes" : "no");
            row.put("events/s", (int) (events / seconds));
            row.put("repeats", acknowledged.repeats());
            row.put("CPU s PostgreSQL", seconds(draining.cpu().postgres()));
            row.put("CPU s Kafka", seconds(draining.cpu().kafka()));
            row.put("CPU s relay", seconds(draining.cpu().here()));
            row.put("WAL MB append/100k", megabytes(staging.walBytes(), events));
            row.put("WAL MB relay/100k", megabytes(draining.walBytes(), events));
            start.addTo(row, TableSizes.now(source));
            open.rollback();
            return row;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** So that none falls into what is measured: the page images that follow one would count for what happened to meet it. */
    private static void checkpoint(Source source) {
        source.execute("CHECKPOINT");
    }

    private static void stage(Source source, String topic, int events, int keys) throws SQLException {
        byte[] payload = "{\"benchmark\":\"0123456789\"}".repeat(16).getBytes(StandardCharsets.UTF_8);
        try (Connection connection = source.connect()) {
            for (int first = 0; first < events; first += STAGED_AT_ONCE) {
                String[] ofThese = IntStream.range(first, Math.min(events, first + STAGED_AT_ONCE))
                        .mapToObj(event -> "key-" + event % keys)
                        .toArray(String[]::new);
                Source.append(connection, topic, ofThese, first, payload);
            }
        }
    }

    private static Map<String, Object> steady(Servers servers, boolean held, int seconds) throws InterruptedException {
        String topic = servers.newTopic();
        Map<String, Object> row = new LinkedHashMap<>();
        try (var source = new Source(servers.postgres());
                Connection open = source.transaction(held)) {
            checkpoint(source);
            var load = new SteadyLoad(source, topic, seconds);
            var acknowledged = new Acknowledgements(load.events());
            TableSizes start = TableSizes.now(source);
            Cost cost;
            Duration late;
            try (var relay = servers.relay(source, acknowledged)) {
                relay.awaitLanes();
                Cost before = servers.cost(source);
                late = load.run();
                acknowledged.awaitAll(PATIENCE);
                cost = servers.cost(source).since(before);
            }
            row.put("steady 5000/s", seconds + " s");
            row.put("held", held ? "yes" : "no");
            Latencies.addTo(row, millis(load, acknowledged), seconds);
            row.put("load late ms", late.toNanos() / 1e6);
            row.put("repeats", acknowledged.repeats());
            row.put("CPU s PostgreSQL", seconds(cost.cpu().postgres()));
            row.put("CPU s relay+load", seconds(cost.cpu().here()));
            row.put("WAL MB all/100k", megabytes(cost.walBytes(), load.events()));
            start.addTo(row, TableSizes.now(source));
            open.rollback();
            return row;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double[] millis(SteadyLoad load, Acknowledgements acknowledged) {
        return IntStream.range(0, load.events())
                .mapToDouble(event -> Math.max(0, acknowledged.atNanos(event) - load.committedNanos(event)) / 1e6)
                .toArray();
    }

    private static double seconds(Duration cpu) {
        return cpu.toMillis() / 1e3;
    }

    private static double megabytes(long bytes, int events) {
        return bytes / 1e6 * 100_000 / events;
    }
}
