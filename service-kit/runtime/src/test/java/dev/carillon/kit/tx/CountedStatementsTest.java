package dev.carillon.kit.tx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.KitDatabase;
import dev.carillon.kit.telemetry.Statements;
import dev.carillon.kit.telemetry.Traces;
import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.impl.ContextInternal;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CountedStatementsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

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
    void every_statement_of_a_request_counts_also_one_that_is_refused_but_neither_begin_nor_commit() {
        var request = begin(this::insertTwoReadThemAndInsertOneAgain);
        assertThat(request.done()).failsWithin(PATIENCE);
        assertThat(request.sum()).isEqualTo(4);
    }

    private Uni<Void> insertTwoReadThemAndInsertOneAgain() {
        return insertBoth(1, 2)
                .chain(() -> db.transactions.list("SELECT n FROM effect", Tuple.tuple(), row -> row.getInteger(0)))
                .chain(() -> insertBoth(1, 3));
    }

    @Test
    void a_request_has_its_own_statements_and_no_others() {
        var one = begin(() -> db.transactions.inTransaction(tx -> insert(tx, 1)));
        var other = begin(() -> insertBoth(2, 3));
        db.transactions.inTransaction(tx -> insert(tx, 4)).await().atMost(PATIENCE);
        assertThat(one.done()).succeedsWithin(PATIENCE);
        assertThat(other.done()).succeedsWithin(PATIENCE);
        assertThat(one.sum()).isEqualTo(1);
        assertThat(other.sum()).isEqualTo(2);
    }

    @Test
    void each_request_of_a_group_has_all_statements_of_the_group_since_it_waits_for_them() {
        var groups = groupsOf(3, group -> insertBoth(7, 8).replaceWith(group));
        var requests = List.of(submit(groups, 1), submit(groups, 2), submit(groups, 3));
        requests.forEach(request -> assertThat(request.done()).succeedsWithin(PATIENCE));
        assertThat(requests).extracting(Request::sum).containsExactly(2, 2, 2);
    }

    @Test
    void what_a_group_tried_in_vain_counts_as_well() {
        var groups = groupsOf(2, group -> insertBoth(7, 7).replaceWith(group));
        var requests = List.of(submit(groups, 1), submit(groups, 2));
        requests.forEach(request -> assertThat(request.done()).failsWithin(PATIENCE));
        // Both together, then one alone, then the other.
        assertThat(requests).extracting(Request::sum).containsExactlyInAnyOrder(4, 6);
    }

    /** What runs in a context of its own, and what is counted there. */
    private record Request(Statements statements, CompletableFuture<Object> done) {
        int sum() {
            return statements.sum();
        }
    }

    private Request begin(Supplier<Uni<Void>> work) {
        var own = ((ContextInternal) db.vertx.getDelegate().getOrCreateContext())
                .unwrap()
                .duplicate();
        var statements = Statements.begin(own);
        var done = new CompletableFuture<Object>();
        own.runOnContext(ignored -> work.get().subscribe().with(done::complete, done::completeExceptionally));
        return new Request(statements, done);
    }

    private Request submit(GroupCommit<Integer, Integer> groups, int n) {
        return begin(() -> groups.submit(n).replaceWithVoid());
    }

    /** Groups that begin when they are full. */
    private GroupCommit<Integer, Integer> groupsOf(int size, Function<List<Integer>, Uni<List<Integer>>> commit) {
        var limits = new GroupCommit.Limits(size, 1, 20, PATIENCE, Duration.ofHours(1));
        return new GroupCommit<>(db.vertx.getDelegate(), new Traces(OpenTelemetry.noop()), "numbers", limits, commit);
    }

    private Uni<Void> insertBoth(int n, int m) {
        return db.transactions.inTransaction(tx -> insert(tx, n).chain(() -> insert(tx, m)));
    }

    private static Uni<Void> insert(Tx tx, int n) {
        return tx.run("INSERT INTO effect VALUES ($1)", Tuple.of(n)).replaceWithVoid();
    }
}
