package dev.carillon.benchmarks.consumer;

import dev.carillon.kit.event.Event;
import dev.carillon.kit.inbox.DeadLetters;
import dev.carillon.kit.inbox.Floods;
import dev.carillon.kit.inbox.Inbox;
import dev.carillon.kit.inbox.InboxKeeper;
import dev.carillon.kit.inbox.InboxMetrics;
import dev.carillon.kit.inbox.InboxSettings;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.testing.messaging.DeadLetterClients;
import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A service that consumes, reduced to the kit's inbox and one row of effect for each event: its id and its payload. */
final class Service implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String APPLY = "INSERT INTO effect SELECT * FROM unnest($1::uuid[], $2::text[])";

    private final Pool pool;
    private final Inbox inbox;

    Service(Vertx vertx, Database database) {
        var options = new PgConnectOptions()
                .setHost(database.host())
                .setPort(database.port())
                .setDatabase(database.name())
                .setUser(database.user())
                .setPassword(database.password())
                .setCachePreparedStatements(true);
        this.pool = Pool.newInstance(PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(4))
                .connectingTo(options)
                .using(vertx)
                .build());
        var transactions = new Transactions(pool);
        var settings = new SmallRyeConfigBuilder()
                .withMapping(InboxSettings.class)
                .build()
                .getConfigMapping(InboxSettings.class);
        var metrics = new InboxMetrics(new SimpleMeterRegistry());
        this.inbox = new Inbox(
                transactions,
                new DeadLetters(new DeadLetterClients(Service::noDeadLetter), metrics),
                new Traces(OpenTelemetry.noop()),
                new InboxKeeper(vertx, settings, transactions),
                new Floods(settings, metrics),
                metrics);
    }

    /** Every record here can be applied: what becomes a dead letter has found a fault in the benchmark. */
    private static Uni<Void> noDeadLetter(ProducerRecord<String, byte[]> letter) {
        throw new IllegalStateException("a record of the benchmark could not be applied: " + letter.topic());
    }

    void consume(ConsumerRecords<String, byte[]> batch) {
        inbox.consume("benchmark", batch, Service::apply).await().atMost(PATIENCE);
    }

    private static Uni<Void> apply(Tx tx, List<Event> events) {
        var ids = events.stream().map(Event::id).toArray(UUID[]::new);
        var payloads = events.stream()
                .map(event -> new String(event.payload(), StandardCharsets.UTF_8))
                .toArray(String[]::new);
        return tx.run(APPLY, Tuple.of(ids, payloads)).replaceWithVoid();
    }

    @Override
    public void close() {
        pool.close().await().atMost(PATIENCE);
    }
}
