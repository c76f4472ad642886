package dev.carillon.relay.source;

import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.testing.kafka.KafkaServer;
import dev.carillon.kit.testing.kafka.Topic;
import dev.carillon.relay.Broker;
import dev.carillon.relay.Lane;
import dev.carillon.relay.OutboxEvent;
import dev.carillon.relay.OutboxEvents;
import dev.carillon.relay.Publication;
import dev.carillon.relay.RelayObserver;
import dev.carillon.relay.engine.RelayLimits;
import dev.carillon.relay.engine.SourceRelay;
import dev.carillon.relay.kafka.KafkaBroker;
import dev.carillon.relay.kafka.ProducerSettings;
import dev.carillon.relay.kafka.Topics;
import dev.carillon.relay.store.Partitions;
import dev.carillon.relay.store.PgLaneLeases;
import dev.carillon.relay.store.PgOutboxEvents;
import dev.carillon.relay.store.SourceDatabase;
import io.opentelemetry.api.OpenTelemetry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Relays in this process, as many as a test wants, over one outbox and the shared Kafka. */
final class RelayFixture implements AutoCloseable {
    private static final KafkaServer KAFKA = KafkaServer.shared();
    private static final AtomicInteger INSTANCES = new AtomicInteger();

    final OutboxFixture outbox;
    final Counts counts = new Counts();
    private final Vertx vertx = Vertx.vertx();
    private final Topics topics = new Topics(kafka());
    private final List<Runnable> ends = new ArrayList<>();
    private Traces traces = new Traces(OpenTelemetry.noop());

    RelayFixture() {
        this(new OutboxFixture());
    }

    RelayFixture(OutboxFixture outbox) {
        this.outbox = outbox;
    }

    static final class Counts implements RelayObserver {
        final AtomicInteger published = new AtomicInteger();
        final AtomicInteger failures = new AtomicInteger();
        final AtomicInteger parked = new AtomicInteger();
        final AtomicInteger leasesLost = new AtomicInteger();

        @Override
        public void published(OutboxEvent event, Duration sinceOccurred) {
            published.incrementAndGet();
        }

        @Override
        public void publishFailed(OutboxEvent event, Publication outcome) {
            failures.incrementAndGet();
        }

        @Override
        public void parked(int events) {
            parked.addAndGet(events);
        }

        @Override
        public void leaseLost(Lane lane) {
            leasesLost.incrementAndGet();
        }
    }

    static Map<String, Object> kafka() {
        return Map.of("bootstrap.servers", KAFKA.bootstrapServers());
    }

    static String newTopic() {
        return newTopic(Map.of());
    }

    static String newTopic(Map<String, String> settings) {
        String name = missingTopic();
        create(name, settings);
        return name;
    }

    static void create(String topic, Map<String, String> settings) {
        KAFKA.createTopics(new Topic(topic, 6, settings));
    }

    static String missingTopic() {
        return "test." + UUID.randomUUID();
    }

    static TopicReader read(String topic) {
        return new TopicReader(KAFKA.bootstrapServers(), topic);
    }

    RelayFixture tracedBy(OpenTelemetry telemetry) {
        traces = new Traces(telemetry);
        return this;
    }

    RelayedSource startRelay() {
        return startRelay(outbox.forRelay());
    }

    /** One that reaches the outbox by another way. */
    RelayedSource startRelay(SourceDatabase database) {
        return startRelay(database, looking(Duration.ofMillis(100)));
    }

    /** One that looks for events of its own accord so rarely that no test waits for it. */
    RelayedSource startRelayThatWaitsForHints() {
        return startRelay(outbox.forRelay(), looking(Duration.ofHours(1)));
    }

    /** One with so small a window that it reads few events at a time; it, too, waits for hints. */
    RelayedSource startRelayOfFewBytes(long bytes) {
        var usual = looking(Duration.ofHours(1));
        return startRelay(
                outbox.forRelay(),
                new RelayLimits(
                        usual.lease(),
                        usual.renewEvery(),
                        usual.windowEvents(),
                        bytes,
                        usual.rest(),
                        usual.idlePoll(),
                        usual.saveEvery(),
                        usual.retryAfter()));
    }

    /** Appends of these tests come without a hint. */
    private static RelayLimits looking(Duration every) {
        var usual = RelayLimits.DEFAULTS;
        return new RelayLimits(
                usual.lease(),
                usual.renewEvery(),
                usual.windowEvents(),
                usual.windowBytes(),
                usual.rest(),
                every,
                usual.saveEvery(),
                usual.retryAfter());
    }

    private RelayedSource startRelay(SourceDatabase database, RelayLimits limits) {
        var around = new RelayedSource.Surroundings(newInstance(), vertx, producer(), topics, traces, limits);
        var relay = new RelayedSource("test", database, around, counts);
        relay.start();
        ends.add(relay::abandon);
        return relay;
    }

    /** A relay whose outbox behaves as {@code fault} makes it. */
    SourceRelay startFaulty(UnaryOperator<OutboxEvents> fault) {
        var database = outbox.forRelay();
        Broker broker = new KafkaBroker(producer(), topics, traces);
        var ports = new SourceRelay.Ports(
                new PgLaneLeases(
                        database.connectForLeases("leases", vertx, RelayLimits.DEFAULTS.lease()),
                        RelayLimits.DEFAULTS.lease()),
                fault.apply(new PgOutboxEvents(database.connect("cursors", vertx), new Partitions())),
                broker,
                counts,
                InstantSource.system(),
                System::nanoTime);
        var relay = new SourceRelay("test", newInstance(), ports, RelayLimits.DEFAULTS);
        relay.start();
        ends.add(relay::abandon);
        return relay;
    }

    private static String newInstance() {
        return "relay-" + INSTANCES.incrementAndGet();
    }

    private static Map<String, Object> producer() {
        return ProducerSettings.of(kafka(), Duration.ofSeconds(3), Duration.ofMillis(1));
    }

    long unpublished() {
        return outbox.unpublished();
    }

    long parked() {
        return outbox.count("outbox_parked");
    }

    /** With a lease that counts. */
    long lanesOwned() {
        return outbox.count("outbox_lane WHERE expires_at > clock_timestamp()");
    }

    @Override
    public void close() {
        ends.forEach(Runnable::run);
        topics.close();
        outbox.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
