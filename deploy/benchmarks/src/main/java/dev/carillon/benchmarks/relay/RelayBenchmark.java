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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.AppInfoParser;

/** The relay as it is, and with snapshot cursors: the same events, the same server, the same machine, one after the other. */
public final class RelayBenchmark {
    private static final int STAGED_AT_ONCE = 500;
    private static final int KEYS = 20_000;
    private static final int WARM_SECONDS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final String DEAD = "SELECT coalesce(sum(n_dead_tup), 0) FROM pg_stat_user_tables";
    private static final String SIZE =
            "SELECT coalesce(sum(pg_total_relation_size(relid)), 0) / 1024 FROM pg_stat_user_tables WHERE relname LIKE 'outbox%'";

    private final Sizes sizes;
    private final List<Way> ways;

    /**
     * How much of each.
     *
     * @param events of the backlog
     * @param seconds of the steady load
     * @param hot events of the one key
     */
    public record Sizes(int events, int seconds, int hot) {}

    public RelayBenchmark(Sizes sizes, String only) {
        this.sizes = sizes;
        this.ways = Arrays.stream(Way.values())
                .filter(way ->
                        only.isEmpty() || way.name().toLowerCase(Locale.ROOT).equals(only))
                .toList();
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
            var report = new Report("relay", Machine.here(version(servers), AppInfoParser.getVersion(), load));
            for (Way way : ways) {
                say("warming up: " + way);
                backlog(servers, way, false, 30_000, KEYS);
                steady(servers, way, false, WARM_SECONDS);
            }
            for (boolean held : new boolean[] {false, true}) {
                for (Way way : ways) {
                    say("backlog: " + way + (held ? ", a transaction held open" : ""));
                    report.add(backlog(servers, way, held, sizes.events(), KEYS));
                }
            }
            for (boolean held : new boolean[] {false, true}) {
                for (Way way : ways) {
                    say("steady load: " + way + (held ? ", a transaction held open" : ""));
                    report.add(steady(servers, way, held, sizes.seconds()));
                }
            }
            for (Way way : ways) {
                say("one hot key: " + way);
                report.add(backlog(servers, way, false, sizes.hot(), 1));
            }
            System.out.println(report.table());
            System.out.println("Written to "
                    + report.write(
                            Path.of(System.getProperty("carillon.results", "deploy/benchmarks/target/results"))));
        }
    }

    private static void say(String what) {
        System.err.println(what + " …");
    }

    private static String version(Servers servers) {
        try (var connection = servers.postgres().administration().connect();
                var statement = connection.createStatement();
                var answer = statement.executeQuery("SHOW server_version")) {
            answer.next();
            return answer.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Object> backlog(Servers servers, Way way, boolean held, int events, int keys)
            throws InterruptedException {
        String topic = servers.newTopic();
        var acknowledged = new Acknowledgements(events);
        try (var source = new Source(servers.postgres(), way);
                Connection open = source.transaction(held)) {
            checkpoint(source);
            Cost unstaged = Cost.now(servers.postgres(), servers.kafka(), source);
            stage(source, topic, events, keys);
            Cost staging = Cost.now(servers.postgres(), servers.kafka(), source).since(unstaged);
            Cost before = Cost.now(servers.postgres(), servers.kafka(), source);
            try (var relay = start(servers, source, way, acknowledged)) {
                acknowledged.awaitAll(PATIENCE);
                Cost draining =
                        Cost.now(servers.postgres(), servers.kafka(), source).since(before);
                relay.stop();
                double seconds = (acknowledged.lastNanos() - acknowledged.firstNanos()) / 1e9;
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("backlog", keys == 1 ? "one hot key" : events + " events");
                row.put("way", way.name());
                row.put("held", held ? "yes" : "no");
                row.put("events/s", (int) (events / seconds));
                row.put("repeats", acknowledged.repeats());
                row.put("CPU s PostgreSQL", seconds(draining.postgres()));
                row.put("CPU s Kafka", seconds(draining.kafka()));
                row.put("CPU s relay", seconds(draining.here()));
                row.put("WAL MB append/100k", megabytes(staging.walBytes(), events));
                row.put("WAL MB relay/100k", megabytes(draining.walBytes(), events));
                addTables(row, source);
                open.rollback();
                return row;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** So that none falls into what is measured: the page images that follow one would count for the way that happened to meet it. */
    private static void checkpoint(Source source) {
        source.execute("CHECKPOINT");
    }

    private static RelayUnderLoad start(Servers servers, Source source, Way way, Acknowledgements acknowledged) {
        return new RelayUnderLoad(
                        servers.vertx(),
                        source,
                        way,
                        servers.kafka().bootstrapServers(),
                        acknowledged,
                        UnaryOperator.identity())
                .start();
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

    private static Map<String, Object> steady(Servers servers, Way way, boolean held, int seconds)
            throws InterruptedException {
        String topic = servers.newTopic();
        try (var source = new Source(servers.postgres(), way);
                Connection open = source.transaction(held)) {
            checkpoint(source);
            var load = new SteadyLoad(source, topic, seconds);
            var acknowledged = new Acknowledgements(load.events());
            try (var relay = start(servers, source, way, acknowledged).awaitLanes()) {
                Cost before = Cost.now(servers.postgres(), servers.kafka(), source);
                Duration late = load.run();
                acknowledged.awaitAll(PATIENCE);
                Cost cost =
                        Cost.now(servers.postgres(), servers.kafka(), source).since(before);
                relay.stop();
                double[] millis = IntStream.range(0, load.events())
                        .mapToDouble(
                                event -> Math.max(0, acknowledged.atNanos(event) - load.committedNanos(event)) / 1e6)
                        .toArray();
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("steady 5000/s", seconds + " s");
                row.put("way", way.name());
                row.put("held", held ? "yes" : "no");
                addLatencies(row, millis);
                row.put("load late ms", late.toNanos() / 1e6);
                row.put("repeats", acknowledged.repeats());
                row.put("CPU s PostgreSQL", seconds(cost.postgres()));
                row.put("CPU s relay+load", seconds(cost.here()));
                row.put("WAL MB all/100k", megabytes(cost.walBytes(), load.events()));
                addTables(row, source);
                open.rollback();
                return row;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of the first tenth and the last as well: what grows while it runs shows there. */
    private static void addLatencies(Map<String, Object> row, double[] millis) {
        int tenth = millis.length / 10;
        double[] first = sorted(Arrays.copyOf(millis, tenth));
        double[] last = sorted(Arrays.copyOfRange(millis, millis.length - tenth, millis.length));
        double[] all = sorted(millis);
        row.put("p50 ms", percentile(all, 0.5));
        row.put("p99 ms", percentile(all, 0.99));
        row.put("max ms", all[all.length - 1]);
        row.put("p50 first tenth", percentile(first, 0.5));
        row.put("p50 last tenth", percentile(last, 0.5));
    }

    private static double[] sorted(double[] millis) {
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    private static double percentile(double[] sorted, double part) {
        return sorted[Math.min(sorted.length - 1, (int) (sorted.length * part))];
    }

    /** What the servers report of themselves reaches their statistics up to a second late. */
    private static void addTables(Map<String, Object> row, Source source) {
        source.execute("SELECT pg_sleep(1.2)");
        source.execute("SELECT pg_stat_clear_snapshot()");
        row.put("dead rows", source.ask(DEAD));
        row.put("outbox KiB", source.ask(SIZE));
    }

    private static double seconds(Duration cpu) {
        return cpu.toMillis() / 1e3;
    }

    private static double megabytes(long bytes, int events) {
        return bytes / 1e6 * 100_000 / events;
    }
}
