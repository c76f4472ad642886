package dev.carillon.benchmarks.consumer;

import dev.carillon.benchmarks.report.Cpu;
import dev.carillon.benchmarks.report.KitTables;
import dev.carillon.benchmarks.report.Machine;
import dev.carillon.benchmarks.report.Report;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.testing.kafka.KafkaServer;
import dev.carillon.kit.testing.kafka.Topic;
import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.postgres.PostgresServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.AppInfoParser;
import org.jspecify.annotations.Nullable;

/** One consumer over a topic of six partitions: events that are new to it, then the same ones again, as after a crash before the commit of offsets. */
public final class ConsumerBenchmark {
    private static final int WARM_EVENTS = 30_000;
    private static final byte[] PAYLOAD =
            "{\"benchmark\":\"0123456789\"}".repeat(16).getBytes(StandardCharsets.UTF_8);
    private static final List<String> TABLES =
            List.of("/db/kit/V0002__consumers_and_timers.sql", "/db/kit/V0005__inbox_by_day.sql");

    private final int events;
    private final int batch;

    /** @param batch how many records are polled at once at most */
    public ConsumerBenchmark(int events, int batch) {
        this.events = events;
        this.batch = batch;
    }

    public void run() throws IOException {
        double load = Machine.loadNow();
        var vertx = Vertx.vertx();
        try (var postgres = PostgresServer.startTemporary();
                var kafka = KafkaServer.startTemporary()) {
            var report = new Report("consumers", Machine.here(postgres, AppInfoParser.getVersion(), load));
            System.err.println("warming up …");
            measure(vertx, postgres, kafka, WARM_EVENTS).forEach(row -> {});
            System.err.println("consuming …");
            measure(vertx, postgres, kafka, events).forEach(report::add);
            System.out.println(report.table());
            System.out.println("Written to "
                    + report.write(
                            Path.of(System.getProperty("carillon.results", "deploy/benchmarks/target/results"))));
        }
    }

    private List<Map<String, Object>> measure(Vertx vertx, PostgresServer postgres, KafkaServer kafka, int count) {
        Database database = postgres.createFreshDatabase("consumer");
        KitTables.create(database, TABLES);
        database.execute("CREATE TABLE effect (id uuid PRIMARY KEY, payload text NOT NULL)");
        var topic = new Topic("benchmark." + System.nanoTime(), 6, Map.of());
        kafka.createTopics(topic);
        fill(kafka, topic.name(), count);
        try (var service = new Service(vertx, database)) {
            return List.of(
                    consume("new", service, postgres, kafka, topic.name(), count),
                    consume("again", service, postgres, kafka, topic.name(), count));
        }
    }

    /** One request in flight: behind one that a topic's new leader refuses, the producer's later ones would wait for their timeout. */
    private static void fill(KafkaServer kafka, String topic, int count) {
        var ids = new EventIds();
        var failure = new AtomicReference<@Nullable Exception>();
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "linger.ms",
                "5",
                "max.in.flight.requests.per.connection",
                "1");
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            for (int n = 0; n < count; n++) {
                producer.send(record(topic, ids.next().toString(), n), (place, refused) -> {
                    if (refused != null) {
                        failure.set(refused);
                    }
                });
            }
        }
        if (failure.get() != null) {
            throw new IllegalStateException("the topic could not be filled", failure.get());
        }
    }

    private static ProducerRecord<String, byte[]> record(String topic, String id, int n) {
        var key = "key-" + n % 20_000;
        var record = new ProducerRecord<>(topic, key, PAYLOAD);
        Map.of(
                        "ce_id",
                        id,
                        "ce_type",
                        "carillon.benchmark.happened.v1",
                        "ce_source",
                        "/benchmark",
                        "ce_subject",
                        key,
                        "ce_tenant",
                        "tenant",
                        "ce_version",
                        String.valueOf(n),
                        "ce_time",
                        Instant.now().toString())
                .forEach((name, value) ->
                        record.headers().add(new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8))));
        return record;
    }

    private Map<String, Object> consume(
            String which, Service service, PostgresServer postgres, KafkaServer kafka, String topic, int count) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "group.id",
                which,
                "enable.auto.commit",
                "false",
                "auto.offset.reset",
                "earliest",
                "max.poll.records",
                batch);
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            int consumed = 0;
            int batches = 0;
            long begin = 0;
            Cpu before = Cpu.now(postgres, kafka);
            while (consumed < count) {
                var polled = consumer.poll(Duration.ofSeconds(1));
                // The first one waits for the group to be made.
                begin = begin == 0 && !polled.isEmpty() ? System.nanoTime() : begin;
                if (!polled.isEmpty()) {
                    service.consume(polled);
                    consumer.commitSync();
                    consumed += polled.count();
                    batches++;
                }
            }
            return row(
                    which,
                    consumed,
                    batches,
                    System.nanoTime() - begin,
                    Cpu.now(postgres, kafka).since(before));
        }
    }

    private Map<String, Object> row(String which, int consumed, int batches, long nanos, Cpu cpu) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("events", which);
        row.put("count", consumed);
        row.put("events/s", (int) (consumed / (nanos / 1e9)));
        row.put("events a batch", consumed / (double) batches);
        row.put("ms a batch", nanos / 1e6 / batches);
        row.put("CPU s PostgreSQL", cpu.postgres().toMillis() / 1e3);
        row.put("CPU s Kafka", cpu.kafka().toMillis() / 1e3);
        row.put("CPU s consumer", cpu.here().toMillis() / 1e3);
        return row;
    }
}
