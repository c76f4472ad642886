package dev.carillon.kit.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.KitDatabase;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SweepsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration SOON = Duration.ofMillis(10);

    private KitDatabase db;
    private Sweeps sweeps;

    @BeforeEach
    void start() {
        db = KitDatabase.fresh();
        db.execute("CREATE TABLE old AS SELECT n FROM generate_series(1, 25) AS n");
        sweeps = new Sweeps(db.vertx.getDelegate(), db.transactions);
    }

    @AfterEach
    void stop() {
        sweeps.stop(new ShutdownEvent());
        db.close();
    }

    private static Sweep old(int atOnce) {
        return new Sweep("old rows", atOnce, tx -> tx.run(
                        "DELETE FROM old WHERE n IN (SELECT n FROM old LIMIT $1)", Tuple.of(atOnce))
                .map(rows -> rows.rowCount()));
    }

    private static Sweep counting(AtomicInteger rounds) {
        return new Sweep("nothing", 1, tx -> Uni.createFrom().item(() -> {
            rounds.incrementAndGet();
            return 0;
        }));
    }

    @Test
    void one_run_goes_on_until_there_is_no_more() {
        assertThat(sweeps.run(old(10)).await().atMost(PATIENCE)).isEqualTo(25);
        assertThat(db.count("SELECT count(*) FROM old")).isZero();
    }

    @Test
    void what_fails_holds_up_no_other_and_comes_again() {
        var failures = new AtomicInteger();
        var failing = new Sweep("what cannot be swept", 1, tx -> {
            failures.incrementAndGet();
            return Uni.createFrom().failure(new IllegalStateException("no"));
        });
        sweeps.every(SOON, List.of(failing, old(10)));
        await().atMost(PATIENCE).until(() -> failures.get() > 1 && db.count("SELECT count(*) FROM old") == 0);
    }

    @Test
    void a_round_that_is_still_at_work_when_the_next_is_due_stands_for_both() {
        Queue<CompletableFuture<Integer>> slow = new ConcurrentLinkedQueue<>();
        var others = new AtomicInteger();
        sweeps.every(SOON, List.of(new Sweep("much", 1, tx -> {
            var work = new CompletableFuture<Integer>();
            slow.add(work);
            return Uni.createFrom().completionStage(work);
        })));
        sweeps.every(SOON, List.of(counting(others)));
        await().atMost(PATIENCE).until(() -> others.get() > 10 && !slow.isEmpty());
        assertThat(slow).hasSize(1);
        slow.remove().complete(0);
        await().atMost(PATIENCE).until(() -> slow.size() == 1);
        slow.remove().complete(0);
    }

    @Test
    void none_begins_once_the_service_stops() {
        var rounds = new AtomicInteger();
        var others = new AtomicInteger();
        sweeps.every(SOON, List.of(counting(rounds)));
        await().atMost(PATIENCE).until(() -> rounds.get() > 0);
        sweeps.stop(new ShutdownEvent());
        var after = new Sweeps(db.vertx.getDelegate(), db.transactions);
        after.every(SOON, List.of(counting(others)));
        await().atMost(PATIENCE).until(() -> others.get() > 2);
        int stopped = rounds.get();
        await().atMost(PATIENCE).until(() -> others.get() > 20);
        after.stop(new ShutdownEvent());
        assertThat(rounds).hasValue(stopped);
    }
}
