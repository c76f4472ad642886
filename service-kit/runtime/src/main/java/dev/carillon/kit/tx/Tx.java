package dev.carillon.kit.tx;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** An open transaction. Statements run one after the other on its one connection; never subscribe to two at once. */
public interface Tx {

    /** Runs one prepared statement; parameters are {@code $1…}. */
    Uni<RowSet<Row>> run(String sql, Tuple parameters);

    /** Runs {@code hook} once this transaction has committed, on the same thread; never after a rollback. */
    void afterCommit(Runnable hook);

    /** Runs {@code hook} when this transaction has ended, however it ended: also when the outcome of its commit is unknown. */
    void afterEnd(Runnable hook);

    /** The rows of one prepared statement, each read by {@code reader}. */
    default <T> Uni<List<T>> list(String sql, Tuple parameters, Function<Row, T> reader) {
        return run(sql, parameters).map(rows -> Transactions.read(rows, reader));
    }

    /**
     * From here on this transaction waits no longer than {@code longest} for each lock that another one has, and then fails with what
     * {@link Outages#isLockConflict} knows.
     */
    default Uni<Void> waitForLocks(Duration longest) {
        return run("SELECT set_config('lock_timeout', $1, true)", Tuple.of(longest.toMillis() + "ms"))
                .replaceWithVoid();
    }
}
