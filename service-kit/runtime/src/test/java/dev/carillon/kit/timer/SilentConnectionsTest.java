package dev.carillon.kit.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.KitDatabase;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.testing.network.BreakableProxy;
import dev.carillon.kit.tx.BoundedPool;
import dev.carillon.kit.tx.GroupCommit;
import dev.carillon.kit.tx.Outages;
import dev.carillon.kit.tx.Transactions;
import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every connection to the database falls silent, and none is closed. */
class SilentConnectionsTest {
    private static final Duration SILENCE = Duration.ofSeconds(3);
    private static final int PLACES = 4;
    private static final Duration SOON = SILENCE.multipliedBy(10);

    private final AtomicReference<Timers> timers = new AtomicReference<>();
    private KitDatabase db;
    private BreakableProxy proxy;
    private Pool pool;
    private Transactions transactions;
    private GroupCommit<Integer, Integer> creates;

    @BeforeEach
    void start() {
        db = KitDatabase.fresh();
        db.execute("CREATE TABLE fired (id uuid)");
        db.execute("CREATE TABLE created (n int)");
        proxy = new BreakableProxy(db.database.host(), db.database.port());
        pool = Pool.newInstance(PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(PLACES))
                .connectingTo(BoundedPool.bounded(
                        db.connectOptions().setHost("localhost").setPort(proxy.port()), SILENCE))
                .withConnectHandler(BoundedPool::cutOffWhenSilent)
                .using(db.vertx.getDelegate())
                .build());
        transactions = new Transactions(pool);
        creates = new GroupCommit<>(
                db.vertx.getDelegate(),
                new Traces(OpenTelemetry.noop()),
                "creates",
                new GroupCommit.Limits(10, 2, 100, SILENCE, Duration.ZERO),
                this::create);
        timers.set(new Timers(
                "test",
                pool,
                db.vertx,
                NodeSettings.usual(),
                Duration.ZERO,
                due -> transactions.inTransaction(tx -> timers.get()
                        .take(tx, due)
                        .chain(taken -> tx.run(
                                "INSERT INTO fired SELECT unnest($1::uuid[])", Tuple.of(taken.toArray(UUID[]::new))))
                        .replaceWithVoid())));
        timers.get().start().await().atMost(SOON);
    }

    @AfterEach
    void stop() {
        timers.get().stop(Duration.ofSeconds(1), () -> true).await().atMost(SOON);
        pool.close().await().atMost(SOON);
        proxy.close();
        db.close();
    }

    @Test
    void firings_and_commits_fail_in_time_and_go_on_over_new_connections() {
        armElsewhere(10);
        await().until(() -> db.count("SELECT count(*) FROM fired") == 10);
        creates.submit(1).await().atMost(SOON);

        useEveryPlaceInThePool();
        proxy.stall();
        armElsewhere(10);
        assertThatThrownBy(() -> creates.submit(2).await().atMost(SOON)).matches(Outages::isOutage);

        await().atMost(SOON).until(() -> db.count("SELECT count(*) FROM fired") == 20);
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> creates.submit(3).await().atMost(SOON) == 3);
        assertThat(db.count("SELECT count(*) FROM timer")).isZero();
        useEveryPlaceInThePool();
    }

    private void useEveryPlaceInThePool() {
        Uni<List<SqlConnection>> all = Multi.createFrom()
                .range(0, PLACES)
                .onItem()
                .transformToUniAndMerge(n -> pool.getConnection())
                .collect()
                .asList();
        all.await().atMost(SOON).forEach(one -> one.close().await().atMost(SOON));
    }

    private Uni<List<Integer>> create(List<Integer> group) {
        return transactions.inTransaction(
                tx -> tx.run("INSERT INTO created SELECT unnest($1::int[])", Tuple.of(group.toArray(Integer[]::new)))
                        .replaceWith(group));
    }

    private void armElsewhere(int count) {
        db.execute("INSERT INTO timer (kind, id, due_at) SELECT 'test', gen_random_uuid(), clock_timestamp()"
                + " FROM generate_series(1, " + count + ")");
    }
}
