package dev.carillon.kit.tx;

import dev.carillon.kit.telemetry.Statements;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/** Opens transactions for plain SQL, READ COMMITTED. {@link EntityTransactions} does the same for Hibernate entities. */
@ApplicationScoped
public class Transactions {
    private final Pool pool;

    public Transactions(Pool pool) {
        this.pool = pool;
    }

    /** Commits when {@code work} succeeds, rolls back when it fails, and then fails with what failed. Goes on to its end when its caller has gone. */
    public <T> Uni<T> inTransaction(Function<Tx, Uni<T>> work) {
        return Uni.createFrom().deferred(() -> {
            var hooks = new TxHooks();
            var sent = Statements.current();
            return hooks.around(pool.withTransaction(connection -> work.apply(new SqlTx(connection, hooks, sent))));
        });
    }

    /** One statement in a transaction of its own; mostly a read. */
    public <T> Uni<List<T>> list(String sql, Tuple parameters, Function<Row, T> reader) {
        return Uni.createFrom().deferred(() -> {
            Statements.current().add(1);
            return pool.preparedQuery(sql).execute(parameters).map(rows -> read(rows, reader));
        });
    }

    static <T> List<T> read(RowSet<Row> rows, Function<Row, T> reader) {
        return StreamSupport.stream(rows.spliterator(), false).map(reader).toList();
    }

    private record SqlTx(SqlConnection connection, TxHooks hooks, Statements sent) implements Tx {
        @Override
        public Uni<RowSet<Row>> run(String sql, Tuple parameters) {
            sent.add(1);
            return connection.preparedQuery(sql).execute(parameters);
        }

        @Override
        public void afterCommit(Runnable hook) {
            hooks.afterCommit(hook);
        }

        @Override
        public void afterEnd(Runnable hook) {
            hooks.afterEnd(hook);
        }
    }
}
