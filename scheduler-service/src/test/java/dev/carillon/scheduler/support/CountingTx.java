package dev.carillon.scheduler.support;

import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.concurrent.atomic.AtomicInteger;

/** A transaction whose statements are counted. */
public record CountingTx(Tx tx, AtomicInteger statements) implements Tx {
    @Override
    public Uni<RowSet<Row>> run(String sql, Tuple parameters) {
        statements.incrementAndGet();
        return tx.run(sql, parameters);
    }

    @Override
    public void afterCommit(Runnable hook) {
        tx.afterCommit(hook);
    }

    @Override
    public void afterEnd(Runnable hook) {
        tx.afterEnd(hook);
    }
}
