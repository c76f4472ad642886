package dev.carillon.kit.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParseException;
import dev.carillon.kit.KitDatabase;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.PoolOptions;
import java.io.CharConversionException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final List<String> hooks = new ArrayList<>();
    private KitDatabase db;

    @BeforeEach
    void start() {
        db = KitDatabase.fresh();
        db.execute("CREATE TABLE effect (n int PRIMARY KEY)");
    }

    @AfterEach
    void stop() {
        db.close();
    }

    @Test
    void work_that_succeeds_is_committed_before_its_hooks_run() {
        transaction(tx -> {
            tx.afterCommit(() -> hooks.add("committed"));
            tx.afterEnd(() -> hooks.add("ended"));
            return insert(tx, 1).invoke(() -> hooks.add("worked"));
        });
        assertThat(hooks).containsExactly("worked", "committed", "ended");
        assertThat(db.count("SELECT count(*) FROM effect")).isEqualTo(1);
    }

    @Test
    void work_that_fails_or_throws_leaves_nothing_behind_and_its_commit_hooks_never_run() {
        assertThatThrownBy(() -> transaction(tx -> {
                    tx.afterCommit(() -> hooks.add("committed"));
                    tx.afterEnd(() -> hooks.add("ended"));
                    return insert(tx, 1).chain(() -> insert(tx, 1));
                }))
                .isInstanceOf(PgException.class);
        assertThatThrownBy(() -> transaction(tx -> {
                    throw new IllegalStateException("thrown");
                }))
                .hasMessage("thrown");
        assertThat(hooks).containsExactly("ended");
        assertThat(db.count("SELECT count(*) FROM effect")).isZero();
    }

    @Test
    void a_killed_connection_is_an_outage_and_refused_data_is_not() {
        // The refusal comes first: for a moment the pool may still hand out the connection that was killed.
        assertThatThrownBy(() -> transaction(tx -> insert(tx, 1).chain(() -> insert(tx, 1))))
                .matches(failure -> !Outages.isOutage(failure));
        assertThatThrownBy(
                        () -> transaction(tx -> tx.run("SELECT pg_terminate_backend(pg_backend_pid())", Tuple.tuple())
                                .replaceWithVoid()))
                .matches(Outages::isOutage);
        assertThat(Outages.isOutage(new CompletionException(new ConnectException("refused"))))
                .isTrue();
        assertThat(Outages.isOutage(new IllegalStateException(new JsonParseException(null, "unreadable"))))
                .isFalse();
        assertThat(Outages.isOutage(new JsonParseException(null, "unreadable"))).isFalse();
        assertThat(Outages.isOutage(new CharConversionException("no text"))).isFalse();
    }

    @Test
    void a_statement_that_ran_out_of_time_or_has_wrong_parameters_is_no_outage() {
        assertThatThrownBy(() -> transaction(tx -> tx.run("SET LOCAL statement_timeout = 50", Tuple.tuple())
                        .chain(() -> tx.run("SELECT pg_sleep(5)", Tuple.tuple()))
                        .replaceWithVoid()))
                .matches(failure -> !Outages.isOutage(failure));
        assertThatThrownBy(() -> transaction(
                        tx -> tx.run("SELECT $1::int", Tuple.of("text")).replaceWithVoid()))
                .matches(failure -> !Outages.isOutage(failure));
        assertThatThrownBy(() -> transaction(
                        tx -> tx.run("SELECT $1::int", Tuple.tuple()).replaceWithVoid()))
                .matches(failure -> !Outages.isOutage(failure));
    }

    @Test
    void a_lock_that_is_not_to_be_had_and_a_connection_that_is_not_to_be_had_are_outages() {
        assertThatThrownBy(() -> transaction(tx -> insert(tx, 1)
                        .chain(() -> db.transactions.inTransaction(
                                other -> other.run("SET LOCAL lock_timeout = 50", Tuple.tuple())
                                        .chain(() -> insert(other, 1))))))
                .matches(Outages::isOutage);
        var busy = Pool.newInstance(PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(1).setConnectionTimeout(1))
                .connectingTo(db.connectOptions())
                .using(db.vertx.getDelegate())
                .build());
        var taken = busy.getConnection().await().atMost(PATIENCE);
        assertThatThrownBy(() -> busy.query("SELECT 1").execute().await().atMost(PATIENCE))
                .matches(Outages::isOutage);
        assertThatThrownBy(() -> busy.getConnection().await().atMost(PATIENCE)).matches(Outages::isOutage);
        taken.close().await().atMost(PATIENCE);
        busy.close().await().atMost(PATIENCE);
        assertThatThrownBy(() -> busy.query("SELECT 1").execute().await().atMost(PATIENCE))
                .matches(Outages::isOutage);
    }

    @Test
    void a_transaction_waits_for_a_lock_no_longer_than_it_says() {
        transaction(tx -> insert(tx, 1));
        assertThatThrownBy(() -> transaction(tx -> lock(tx, 1)
                        .chain(() -> db.transactions.inTransaction(other ->
                                other.waitForLocks(Duration.ofMillis(50)).chain(() -> lock(other, 1))))))
                .matches(Outages::isLockConflict);
    }

    @Test
    void of_two_that_wait_for_each_other_one_is_told_so_and_succeeds_when_it_is_tried_again() {
        transaction(tx -> insert(tx, 1).chain(() -> insert(tx, 2)));
        var first = new CompletableFuture<Void>();
        var second = new CompletableFuture<Void>();
        var conflicts = new AtomicInteger();
        Uni.join()
                .all(lockBoth(1, 2, first, second, conflicts), lockBoth(2, 1, second, first, conflicts))
                .andCollectFailures()
                .await()
                .atMost(PATIENCE);
        assertThat(conflicts).hasPositiveValue();
    }

    private Uni<Void> lockBoth(
            int one,
            int other,
            CompletableFuture<Void> have,
            CompletableFuture<Void> theyHave,
            AtomicInteger conflicts) {
        return db.transactions
                .inTransaction(tx -> lock(tx, one)
                        .invoke(() -> have.complete(null))
                        .chain(() -> Uni.createFrom().completionStage(theyHave))
                        .chain(() -> lock(tx, other)))
                .onFailure(Outages::isLockConflict)
                .invoke(conflicts::incrementAndGet)
                .onFailure(Outages::isLockConflict)
                .retry()
                .atMost(3);
    }

    private static Uni<Void> lock(Tx tx, int n) {
        return tx.run("SELECT n FROM effect WHERE n = $1 FOR UPDATE", Tuple.of(n))
                .replaceWithVoid();
    }

    @Test
    void a_hook_that_throws_changes_nothing_about_a_commit_that_has_been_made() {
        transaction(tx -> {
            tx.afterCommit(() -> {
                throw new IllegalStateException("thrown");
            });
            tx.afterCommit(() -> hooks.add("committed"));
            tx.afterEnd(() -> {
                throw new IllegalStateException("thrown");
            });
            tx.afterEnd(() -> hooks.add("ended"));
            return insert(tx, 1);
        });
        assertThat(hooks).containsExactly("committed", "ended");
        assertThat(db.count("SELECT count(*) FROM effect")).isEqualTo(1);
    }

    private static Uni<Void> insert(Tx tx, int n) {
        return tx.run("INSERT INTO effect VALUES ($1)", Tuple.of(n)).replaceWithVoid();
    }

    private void transaction(Function<Tx, Uni<Void>> work) {
        db.transactions.inTransaction(work).await().atMost(PATIENCE);
    }
}
