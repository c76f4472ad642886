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

    Timers start(String name, TimerSettings settings) {
        var self = new AtomicReference<Timers>();
        var timers =
                new Timers("test", db.pool, db.vertx, settings, Duration.ZERO, due -> record(self.get(), name, due));
        self.set(timers);
        timers.start().await().atMost(PATIENCE);
        nodes.add(timers);
        return timers;
    }

    private Uni<Void> record(Timers timers, String node, List<Due> due) {
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
        nodes.forEach(
                node -> node.stop(Duration.ofSeconds(1), () -> true).await().atMost(PATIENCE));
        db.close();
    }
}
