package dev.carillon.kit.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.KitDatabase;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/** Nodes over one database, whose firings leave a row each in the table {@code fired}. */
final class Nodes implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(40);

    final KitDatabase db = KitDatabase.fresh();
    private final List<Timers> nodes = new ArrayList<>();

    Nodes() {
        db.execute("CREATE TABLE fired (id uuid, node text, at timestamptz DEFAULT clock_timestamp())");
    }

    /** One whose firings leave its name. */
    Timers start(String name) {
        return start(name, NodeSettings.usual());
    }

    Timers start(String name, TimerSettings settings) {
        return start("test", settings, Duration.ZERO, (timers, due) -> record(timers, name, due));
    }

    Timers start(
            String kind, TimerSettings settings, Duration headStart, BiFunction<Timers, List<Due>, Uni<Void>> firing) {
        var self = new AtomicReference<Timers>();
        var timers = new Timers(kind, db.pool, db.vertx, settings, headStart, due -> firing.apply(self.get(), due));
        self.set(timers);
        timers.start().await().atMost(PATIENCE);
        nodes.add(timers);
        return timers;
    }

    void stop(Timers node) {
        node.stop(Duration.ofSeconds(1), () -> true).await().atMost(PATIENCE);
        nodes.remove(node);
    }

    /** The effect of these tests: a row for each timer taken, in the transaction that takes it. */
    Uni<Void> record(Timers timers, String node, List<Due> due) {
        return db.transactions.inTransaction(tx -> timers.take(tx, due)
                .chain(taken -> tx.run(
                        "INSERT INTO fired (id, node) SELECT unnest($1::uuid[]), $2",
                        Tuple.of(taken.toArray(UUID[]::new), node)))
                .replaceWithVoid());
    }

    void arm(Timers node, List<UUID> ids, Instant dueAt) {
        inTransaction(tx -> node.arm(tx, ids, Collections.nCopies(ids.size(), dueAt)));
    }

    void inTransaction(Function<Tx, Uni<Void>> work) {
        db.transactions.inTransaction(work).await().atMost(PATIENCE);
    }

    void awaitFired(int count) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(db.count("SELECT count(*) FROM fired"))
                .isGreaterThanOrEqualTo(count));
    }

    static List<UUID> ids(int count) {
        return Stream.generate(UUID::randomUUID).limit(count).toList();
    }

    @Override
    public void close() {
        List.copyOf(nodes).forEach(this::stop);
        db.close();
    }
}
