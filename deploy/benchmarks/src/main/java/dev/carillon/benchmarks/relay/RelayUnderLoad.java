package dev.carillon.benchmarks.relay;

import dev.carillon.kit.telemetry.Traces;
import dev.carillon.relay.Lane;
import dev.carillon.relay.RelayObserver;
import dev.carillon.relay.engine.RelayLimits;
import dev.carillon.relay.kafka.ProducerSettings;
import dev.carillon.relay.kafka.Topics;
import dev.carillon.relay.source.RelayedSource;
import io.opentelemetry.api.OpenTelemetry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** The product's relay of one source, with its defaults. */
final class RelayUnderLoad implements AutoCloseable {
    private static final AtomicInteger INSTANCES = new AtomicInteger();

    private final Topics topics;
    private final RelayedSource source;

    RelayUnderLoad(Vertx vertx, Source source, String bootstrapServers, RelayObserver observer) {
        Map<String, Object> kafka = Map.of("bootstrap.servers", bootstrapServers);
        this.topics = new Topics(kafka);
        var around = new RelayedSource.Surroundings(
                "relay-" + INSTANCES.incrementAndGet(),
                vertx,
                ProducerSettings.of(kafka, Duration.ofSeconds(3), Duration.ofMillis(1)),
                topics,
                new Traces(OpenTelemetry.noop()),
                RelayLimits.DEFAULTS);
        this.source = new RelayedSource("benchmark", source.forRelay(), around, observer);
    }

    RelayUnderLoad start() {
        topics.refresh().toCompletableFuture().join();
        source.start();
        return this;
    }

    /** Waits until every lane is its own. */
    RelayUnderLoad awaitLanes() {
        while (source.relay().health().lanes() < Lane.COUNT) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        return this;
    }

    /** Gives its lanes back. */
    @Override
    public void close() {
        source.stop(Duration.ofSeconds(5)).join();
        topics.close();
    }
}
