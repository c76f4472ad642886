package dev.carillon.kit.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.KitDatabase;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ArmedTimersTest {
    private final Nodes nodes = new Nodes();
    private final KitDatabase db = nodes.db;

    @AfterEach
    void stop() {
        nodes.close();
    }

    @Test
    void a_timer_that_was_removed_and_armed_again_does_not_fire_at_its_former_instant() {
        var node = nodes.start("a");
        var timer = UUID.randomUUID();
        var former = node.clock().instant().plusMillis(150);
        nodes.inTransaction(tx -> node.arm(tx, timer, former));
        nodes.inTransaction(tx -> node.disarm(tx, List.of(timer)));
        nodes.inTransaction(tx -> node.arm(tx, timer, former.plusMillis(700)));

        nodes.awaitFired(1);
        assertThat(db.texts("SELECT id::text FROM fired WHERE at < '" + former.plusMillis(700) + "'"))
                .as("fired at the instant that it no longer had")
                .isEmpty();
    }

    @Test
    void a_timer_armed_in_a_transaction_that_rolls_back_fires_nothing() {
        var node = nodes.start("a");
        var due = node.clock().instant().plusMillis(50);
        var failed = db.transactions
                .inTransaction(tx -> node.arm(tx, UUID.randomUUID(), due)
                        .chain(() -> Uni.createFrom().<Void>failure(new IllegalStateException("rolled back"))))
                .onFailure()
                .recoverWithNull();
        failed.await().atMost(Nodes.PATIENCE);

        var other = UUID.randomUUID();
        nodes.inTransaction(tx -> node.arm(tx, other, due.plusMillis(50)));
        nodes.awaitFired(1);
        await().untilAsserted(() -> assertThat(node.held()).isZero());
        assertThat(db.texts("SELECT id::text FROM fired")).containsExactly(other.toString());
    }

    @Test
    void a_timer_whose_commit_was_not_confirmed_is_held_all_the_same() {
        var node = nodes.start("a");
        var tx = new UnconfirmedTx();
        var id = UUID.randomUUID();
        var due = node.clock().instant().plusMillis(200);
        db.pool
                .withTransaction(connection -> {
                    tx.connection = connection;
                    return node.arm(tx, List.of(id), List.of(due));
                })
                .await()
                .atMost(Nodes.PATIENCE);
        tx.end();

        nodes.awaitFired(1);
    }

    @Test
    void a_moved_timer_fires_at_its_new_instant_alone_and_a_disarmed_one_never() {
        var node = nodes.start("a");
        var now = node.clock().instant();
        var moved = UUID.randomUUID();
        var disarmed = UUID.randomUUID();
        nodes.inTransaction(
                tx -> node.arm(tx, List.of(moved, disarmed), List.of(now.plusMillis(400), now.plusMillis(400))));
        nodes.inTransaction(
                tx -> node.arm(tx, moved, now.plusMillis(900)).chain(() -> node.disarm(tx, List.of(disarmed))));

        nodes.awaitFired(1);
        await().untilAsserted(() -> assertThat(node.held()).isZero());
        assertThat(db.texts("SELECT id::text FROM fired")).containsExactly(moved.toString());
        assertThat(db.count(
                        "SELECT count(*) FROM fired WHERE at < $1",
                        now.plusMillis(900).atOffset(ZoneOffset.UTC)))
                .isZero();
    }

    /** A transaction that commits, but whose caller never learns it. */
    private static final class UnconfirmedTx implements Tx {
        private final List<Runnable> onEnd = new ArrayList<>();
        private @Nullable SqlConnection connection;

        @Override
        public Uni<RowSet<Row>> run(String sql, Tuple parameters) {
            return Objects.requireNonNull(connection).preparedQuery(sql).execute(parameters);
        }

        @Override
        public void afterCommit(Runnable hook) {}

        @Override
        public void afterEnd(Runnable hook) {
            onEnd.add(hook);
        }

        void end() {
            onEnd.forEach(Runnable::run);
        }
    }
}
