package dev.carillon.kit.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParseException;
import dev.carillon.kit.KitDatabase;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

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
        assertThatThrownBy(
                        () -> transaction(tx -> tx.run("SELECT pg_terminate_backend(pg_backend_pid())", Tuple.tuple())
                                .replaceWithVoid()))
                .matches(Outages::isOutage);
        assertThatThrownBy(() -> transaction(tx -> insert(tx, 1).chain(() -> insert(tx, 1))))
                .matches(failure -> !Outages.isOutage(failure));
        assertThat(Outages.isOutage(new CompletionException(new ConnectException("refused"))))
                .isTrue();
        assertThat(Outages.isOutage(new IllegalStateException(new JsonParseException(null, "unreadable"))))
                .isFalse();
        assertThat(Outages.isOutage(new JsonParseException(null, "unreadable"))).isFalse();
    }

    private static Uni<Void> insert(Tx tx, int n) {
        return tx.run("INSERT INTO effect VALUES ($1)", Tuple.of(n)).replaceWithVoid();
    }

    private void transaction(Function<Tx, Uni<Void>> work) {
        db.transactions.inTransaction(work).await().atMost(PATIENCE);
    }
}
