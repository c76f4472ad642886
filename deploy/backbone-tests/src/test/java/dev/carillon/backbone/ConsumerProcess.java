package dev.carillon.backbone;

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
import dev.carillon.kit.tx.BoundedPool;
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
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A service that consumes, reduced to kit.inbox and one table of effects. Its effects often take a while, so that a kill finds it in the middle. */
final class ConsumerProcess {
    private static final String APPLY = "INSERT INTO effect SELECT unnest($1::uuid[])";

    private ConsumerProcess() {}

    /** @param arguments bootstrap servers, then host, port, name, user and password of the database */
    public static void main(String[] arguments) {
        var database =
                new Database(arguments[1], Integer.parseInt(arguments[2]), arguments[3], arguments[4], arguments[5]);
        var vertx = Vertx.vertx();
        var pool = Pool.newInstance(PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(4))
                .connectingTo(BoundedPool.bounded(Source.options(database), Duration.ofSeconds(10)))
                .withConnectHandler(BoundedPool::cutOffWhenSilent)
                .using(vertx)
                .build());
        var inbox = inbox(vertx, new Transactions(pool), deadLetters(arguments[0]));
        try (var consumer =
                new KafkaConsumer<>(settings(arguments[0]), new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(Servers.CONSUMED);
            while (true) {
                consume(consumer, inbox);
            }
        }
    }

    /** By way of a plain producer. */
    private static DeadLetterClients deadLetters(String bootstrapServers) {
        var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringSerializer(), new ByteArraySerializer());
        return new DeadLetterClients(letter -> send(producer, letter));
    }

    private static Uni<Void> send(KafkaProducer<String, byte[]> producer, ProducerRecord<String, byte[]> letter) {
        return Uni.createFrom()
                .emitter(sent -> producer.send(letter, (place, failure) -> {
                    if (failure == null) {
                        sent.complete(null);
                    } else {
                        sent.fail(failure);
                    }
                }));
    }

    private static Inbox inbox(Vertx vertx, Transactions transactions, DeadLetterClients clients) {
        var settings = new SmallRyeConfigBuilder()
                .withMapping(InboxSettings.class)
                .build()
                .getConfigMapping(InboxSettings.class);
        var metrics = new InboxMetrics(new SimpleMeterRegistry());
        return new Inbox(
                transactions,
                new DeadLetters(clients, metrics),
                new Traces(OpenTelemetry.noop()),
                new InboxKeeper(vertx, settings, transactions),
                new Floods(settings, metrics),
                metrics);
    }

    private static void consume(KafkaConsumer<String, byte[]> consumer, Inbox inbox) {
        try {
            var batch = consumer.poll(Duration.ofMillis(200));
            if (!batch.isEmpty()) {
                inbox.consume(Servers.GROUP, batch, ConsumerProcess::apply)
                        .await()
                        .indefinitely();
                consumer.commitSync();
            }
        } catch (KafkaException notCommitted) {
            System.out.println("goes on after " + notCommitted);
        }
    }

    private static Uni<Void> apply(Tx tx, List<Event> events) {
        Uni<Void> applied = tx.run(
                        APPLY, Tuple.of(events.stream().map(Event::id).toArray(UUID[]::new)))
                .replaceWithVoid();
        int millis = ThreadLocalRandom.current().nextInt(100);
        return millis < 30 ? applied : applied.onItem().delayIt().by(Duration.ofMillis(millis));
    }

    private static Map<String, Object> settings(String bootstrapServers) {
        return Map.of(
                "bootstrap.servers", bootstrapServers,
                "group.id", Servers.GROUP,
                "enable.auto.commit", "false",
                "auto.offset.reset", "earliest",
                "allow.auto.create.topics", "false",
                "session.timeout.ms", "6000",
                "heartbeat.interval.ms", "1500",
                "reconnect.backoff.max.ms", "500");
    }
}
