package dev.carillon.backbone;

import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.event.OutgoingEvent.Urgency;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.outbox.OutboxHint;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.testing.history.Recorder;
import dev.carillon.kit.testing.history.Written;
import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;

/** A service with an outbox: it locks an aggregate, appends events about it, and notes in the same transaction which. */
final class Source implements AutoCloseable {
    private static final String TABLES = """
            CREATE TABLE aggregate (key text PRIMARY KEY, version bigint NOT NULL);
            CREATE TABLE ledger (event_id uuid PRIMARY KEY, topic text NOT NULL)""";
    private static final String LOCK = """
            INSERT INTO aggregate VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET version = aggregate.version + $2 RETURNING version""";
    private static final String NOTE = "INSERT INTO ledger SELECT unnest($1::uuid[]), $2";

    private final Database database;
    private final Recorder recorder;
    private final EventIds ids = new EventIds();
    private final Vertx vertx = Vertx.vertx();
    private final Transactions transactions;
    private final Outbox outbox;
    private final Set<UUID> acknowledged = new HashSet<>();

    /**
     * A transaction to be.
     *
     * @param before between its beginning, which gives it its id, and its taking the aggregate's lock
     * @param after between its appending and its end
     */
    record Draft(
            String topic, String key, int events, byte[] payload, Duration before, Duration after, boolean commits) {}

    Source(Database database, Recorder recorder) {
        this.database = database;
        this.recorder = recorder;
        database.execute(TABLES);
        Pool pool = Pool.newInstance(PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(40))
                .connectingTo(options(database))
                .using(vertx.getDelegate())
                .build());
        this.transactions = new Transactions(pool);
        this.outbox = new Outbox(
                new OutboxHint(pool, vertx, Duration.ofSeconds(1), Duration.ofMillis(100)), new SimpleMeterRegistry());
        // Mutiny's first use sets itself up, and two at once would get in each other's way.
        transactions.list("SELECT 1", Tuple.tuple(), row -> row).await().atMost(Duration.ofSeconds(30));
    }

    static PgConnectOptions options(Database database) {
        return new PgConnectOptions()
                .setHost(database.host())
                .setPort(database.port())
                .setDatabase(database.name())
                .setUser(database.user())
                .setPassword(database.password())
                .setConnectTimeout(3_000);
    }

    /** Completes when the transaction has ended, exceptionally when it was rolled back or nobody knows. */
    CompletableFuture<List<UUID>> run(Draft draft) {
        return transactions
                .inTransaction(tx -> tx.run("SELECT pg_current_xact_id()", Tuple.tuple())
                        .chain(() -> pause(draft.before()))
                        .chain(() -> append(tx, draft))
                        .call(() -> pause(draft.after()))
                        .chain(events -> draft.commits()
                                ? Uni.createFrom().item(events)
                                : Uni.createFrom().failure(new RolledBack())))
                .invoke(this::acknowledge)
                .subscribeAsCompletionStage();
    }

    /** As it was wanted. */
    static final class RolledBack extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private Uni<Void> pause(Duration duration) {
        return duration.isZero()
                ? Uni.createFrom().voidItem()
                : Uni.createFrom().emitter(done -> vertx.getDelegate()
                        .setTimer(duration.toMillis(), timer -> done.complete(null)));
    }

    private Uni<List<UUID>> append(Tx tx, Draft draft) {
        return tx.list(LOCK, Tuple.of(draft.key(), (long) draft.events()), row -> row.getLong("version"))
                .map(versions -> LongStream.rangeClosed(versions.getFirst() - draft.events() + 1, versions.getFirst())
                        .mapToObj(version -> new Written(ids.next(), draft.topic(), draft.key(), version))
                        .toList())
                .invoke(events -> events.forEach(recorder::written))
                .call(events -> outbox.append(
                        tx,
                        events.stream()
                                .map(event -> outgoing(event, draft.payload()))
                                .toList()))
                .map(events -> events.stream().map(Written::id).toList())
                .call(events -> tx.run(NOTE, Tuple.of(events.toArray(UUID[]::new), draft.topic())));
    }

    private static OutgoingEvent outgoing(Written event, byte[] payload) {
        return new OutgoingEvent(
                event.id(),
                event.topic(),
                event.key(),
                "carillon.test.happened.v1",
                "/backbone",
                event.key(),
                "tenant",
                event.order(),
                Instant.now(),
                TraceContext.NONE,
                payload,
                Urgency.PROMPT);
    }

    private synchronized void acknowledge(List<UUID> events) {
        acknowledged.addAll(events);
    }

    /** What a client was told had committed. */
    synchronized Set<UUID> acknowledged() {
        return new HashSet<>(acknowledged);
    }

    /** What has committed. */
    List<UUID> committed() {
        return ids("SELECT event_id FROM ledger");
    }

    List<UUID> committedTo(String topic) {
        return ids("SELECT event_id FROM ledger WHERE topic = '" + topic + "'");
    }

    private List<UUID> ids(String query) {
        return ids(database, query);
    }

    static List<UUID> ids(Database database, String query) {
        return database.texts(query).stream().map(UUID::fromString).toList();
    }

    @Override
    public void close() {
        vertx.closeAndAwait();
    }
}
