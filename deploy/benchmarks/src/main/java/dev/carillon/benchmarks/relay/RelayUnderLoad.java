package dev.carillon.benchmarks.relay;

import dev.carillon.kit.telemetry.Traces;
import dev.carillon.relay.Lane;
import dev.carillon.relay.OutboxEvents;
import dev.carillon.relay.RelayObserver;
import dev.carillon.relay.engine.RelayLimits;
import dev.carillon.relay.engine.SourceRelay;
import dev.carillon.relay.kafka.KafkaBroker;
import dev.carillon.relay.kafka.ProducerSettings;
import dev.carillon.relay.kafka.Topics;
import dev.carillon.relay.store.Hints;
import dev.carillon.relay.store.PgLaneLeases;
import io.opentelemetry.api.OpenTelemetry;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/** The product's relay of one source, with its defaults, over one way of reading. */
public final class RelayUnderLoad implements AutoCloseable {
    private static final AtomicInteger INSTANCES = new AtomicInteger();

    private final Pool pool;
    private final KafkaBroker broker;
    private final Topics topics;
    private final Hints hints;
    private final SourceRelay relay;

    public RelayUnderLoad(
            Vertx vertx,
            Source source,
            Way way,
            String bootstrapServers,
            RelayObserver observer,
            UnaryOperator<OutboxEvents> fault) {
        Map<String, Object> kafka = Map.of("bootstrap.servers", bootstrapServers);
        this.pool = source.forRelay().connect(vertx);
        this.topics = new Topics(kafka);
        this.broker = new KafkaBroker(
                ProducerSettings.of(kafka, Duration.ofSeconds(3), Duration.ofMillis(1)),
                topics,
                new Traces(OpenTelemetry.noop()));
        Way.Reading reading = way.over(pool, new PgLaneLeases(pool, RelayLimits.DEFAULTS.lease()));
        var ports = new SourceRelay.Ports(
                reading.leases(),
                fault.apply(reading.outbox()),
                broker,
                observer,
                InstantSource.system(),
                System::nanoTime);
        this.relay = new SourceRelay("benchmark", "relay-" + INSTANCES.incrementAndGet(), ports, RelayLimits.DEFAULTS);
        this.hints = new Hints(vertx, source.forRelay(), relay::hint, relay::peerSpoke);
    }

    public RelayUnderLoad start() {
        topics.refresh().toCompletableFuture().join();
        hints.start();
        relay.start();
        return this;
    }

    /** Waits until every lane is its own. */
    RelayUnderLoad awaitLanes() {
        while (relay.health().lanes() < Lane.COUNT) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        return this;
    }

    /** Gives its lanes back. */
    public boolean stop() {
        boolean clean = relay.stop(Duration.ofSeconds(5)).join();
        end();
        return clean;
    }

    /** As a crash: nothing is settled or given back. */
    public void abandon() {
        relay.abandon();
        end();
    }

    private void end() {
        hints.close();
        broker.close();
        topics.close();
        pool.close();
    }

    @Override
    public void close() {
        abandon();
    }
}
