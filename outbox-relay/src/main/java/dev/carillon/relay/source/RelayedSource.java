package dev.carillon.relay.source;

import dev.carillon.kit.telemetry.Traces;
import dev.carillon.relay.DecideParked;
import dev.carillon.relay.OutboxState;
import dev.carillon.relay.ParkedEvents;
import dev.carillon.relay.RelayObserver;
import dev.carillon.relay.SourceIdentity;
import dev.carillon.relay.engine.RelayLimits;
import dev.carillon.relay.engine.SourceRelay;
import dev.carillon.relay.kafka.KafkaBroker;
import dev.carillon.relay.kafka.Topics;
import dev.carillon.relay.store.Hints;
import dev.carillon.relay.store.Partitions;
import dev.carillon.relay.store.PgLaneLeases;
import dev.carillon.relay.store.PgOutboxEvents;
import dev.carillon.relay.store.PgOutboxState;
import dev.carillon.relay.store.PgParkedEvents;
import dev.carillon.relay.store.PgSourceIdentity;
import dev.carillon.relay.store.SourceDatabase;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** One source with all that its relay needs: connections, producer, loop. */
public final class RelayedSource {
    private final List<Pool> pools;
    private final Hints hints;
    private final KafkaBroker broker;
    private final SourceRelay relay;
    private final OutboxState state;
    private final ParkedEvents parked;
    private final SourceIdentity identity;

    /** What all sources of a process have in common. {@code producer} holds a Kafka producer's settings. */
    public record Surroundings(
            String instance,
            Vertx vertx,
            Map<String, Object> producer,
            Topics topics,
            Traces traces,
            RelayLimits limits) {

        Surroundings resting(Duration rest) {
            return new Surroundings(instance, vertx, producer, topics, traces, limits.withRest(rest));
        }
    }

    public RelayedSource(String name, SourceDatabase database, Surroundings around, RelayObserver observer) {
        Pool questions = database.connect(name + "-questions", around.vertx());
        Pool cursors = database.connect(name + "-cursors", around.vertx());
        Pool leases = database.connectForLeases(
                name + "-leases", around.vertx(), around.limits().lease());
        this.pools = List.of(questions, cursors, leases);
        var partitions = new Partitions();
        this.state = new PgOutboxState(questions, partitions);
        this.parked = new PgParkedEvents(questions);
        this.identity = new PgSourceIdentity(around.vertx(), database);
        this.broker = new KafkaBroker(around.producer(), around.topics(), around.traces());
        var ports = new SourceRelay.Ports(
                new PgLaneLeases(leases, around.limits().lease()),
                new PgOutboxEvents(cursors, partitions),
                broker,
                observer,
                InstantSource.system(),
                System::nanoTime);
        this.relay = new SourceRelay(name, around.instance(), ports, around.limits());
        this.hints = new Hints(around.vertx(), database, relay::hint, relay::peerSpoke);
    }

    public void start() {
        hints.start();
        relay.start();
    }

    /** Publishes what is on its way, gives the lanes back, closes all. Answers whether that was done in time. */
    public CompletableFuture<Boolean> stop(Duration within) {
        return relay.stop(within).whenComplete((clean, problem) -> close());
    }

    /** As a crash: connections are cut, nothing is given back. */
    public void abandon() {
        relay.abandon();
        close();
    }

    private void close() {
        hints.close();
        broker.close();
        pools.forEach(Pool::close);
    }

    public SourceRelay relay() {
        return relay;
    }

    public OutboxState state() {
        return state;
    }

    public ParkedEvents parked() {
        return parked;
    }

    public SourceIdentity identity() {
        return identity;
    }

    public DecideParked decisions() {
        return new DecideParked(parked, broker);
    }
}
