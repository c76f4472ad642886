package dev.carillon.benchmarks.pending;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.outbox.OutboxHint;
import dev.carillon.kit.outbox.OutboxSettings;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.timer.Due;
import dev.carillon.kit.timer.TimerSettings;
import dev.carillon.kit.timer.Timers;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.message.Content;
import dev.carillon.scheduler.message.Message;
import dev.carillon.scheduler.message.Recipient;
import dev.carillon.scheduler.message.Source;
import dev.carillon.scheduler.message.Timing;
import dev.carillon.scheduler.message.messaging.MessageEvents;
import dev.carillon.scheduler.message.store.MessageJson;
import dev.carillon.scheduler.message.store.MessageStore;
import dev.carillon.scheduler.message.store.TracedMessage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** The scheduler's store, timers and outbox over one database, put together as its creating and staging are. */
final class Scheduler implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Content CONTENT = new Content.Json("{\"text\":\"" + "See you at nine. ".repeat(12) + "\"}");

    private final Pool pool;
    private final Transactions transactions;
    private final MessageStore messages;
    private final MessageEvents events;
    private final Outbox outbox;
    private final Timers timers;
    private final EventIds ids = new EventIds();
    private final AtomicInteger staged = new AtomicInteger();

    Scheduler(Vertx vertx, Database database) {
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
                .using(vertx.getDelegate())
                .build());
        ObjectMapper mapper =
                JsonMapper.builder().addModule(new JavaTimeModule()).build();
        var json = new MessageJson(mapper);
        this.transactions = new Transactions(pool);
        this.messages = new MessageStore(json, transactions);
        this.events = new MessageEvents(ids, mapper, json);
        this.outbox = new Outbox(new OutboxHint(pool, vertx, usual(OutboxSettings.class)), new SimpleMeterRegistry());
        this.timers = new Timers("staging", pool, vertx, usual(TimerSettings.class), Duration.ZERO, this::stage);
        timers.start().await().atMost(PATIENCE);
    }

    private static <T> T usual(Class<T> settings) {
        return new SmallRyeConfigBuilder().withMapping(settings).build().getConfigMapping(settings);
    }

    int staged() {
        return staged.get();
    }

    /** As {@code NewMessages} does. */
    void create(List<Instant> dueAt) {
        var now = timers.clock().instant().truncatedTo(ChronoUnit.MICROS);
        var created = dueAt.stream().map(due -> message(due, now)).toList();
        transactions
                .inTransaction(tx -> messages.insert(tx, created)
                        .chain(() -> timers.armNew(
                                tx, created.stream().map(TracedMessage::id).toList(), dueAt)))
                .await()
                .atMost(PATIENCE);
    }

    /** As {@code Staging} does. */
    private Uni<Void> stage(List<Due> due) {
        return transactions.inTransaction(
                tx -> messages.lock(tx, due.stream().map(Due::id).toList())
                        .chain(found -> timers.take(tx, due).chain(taken -> stage(tx, found, taken))));
    }

    private Uni<Void> stage(Tx tx, List<TracedMessage> found, Set<UUID> taken) {
        var now = timers.clock().instant().truncatedTo(ChronoUnit.MICROS);
        var changed = found.stream()
                .filter(one -> taken.contains(one.id()))
                .map(one -> one.with(one.message().staged(now)))
                .toList();
        var again = now.plus(Duration.ofMinutes(30));
        tx.afterCommit(() -> staged.addAndGet(changed.size()));
        return messages.save(tx, changed.stream().map(TracedMessage::message).toList())
                .chain(() -> timers.armNew(
                        tx,
                        changed.stream().map(TracedMessage::id).toList(),
                        changed.stream().map(one -> again).toList()))
                .chain(() -> outbox.append(
                        tx, changed.stream().map(one -> events.staged(one, now)).toList()));
    }

    private TracedMessage message(Instant due, Instant now) {
        var message = Message.scheduled(
                ids.next(),
                "tenant-" + Math.floorMod(due.getNano() / 1000, PendingMessages.TENANTS),
                new Recipient.Webhook(URI.create("https://example.org/hooks/1")),
                CONTENT,
                new Timing(due, LocalDateTime.ofInstant(due, ZoneOffset.UTC), ZoneId.of("UTC"), "2026a"),
                null,
                null,
                null,
                Map.of(),
                new Source("api", "benchmark"),
                now);
        return new TracedMessage(
                message, new TraceContext("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", null));
    }

    @Override
    public void close() {
        timers.stop(Duration.ofSeconds(1), () -> true).await().atMost(PATIENCE);
        pool.close().await().atMost(PATIENCE);
    }
}
