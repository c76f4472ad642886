package dev.carillon.relay.store;

import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The partitions of one source's outbox, as they were last seen. */
public final class Partitions {
    private static final String UNDEFINED_TABLE = "42P01";

    private volatile @Nullable OutboxStatements known;

    /** The list has changed since it was last seen: what was read may lack events. */
    static final class Changed extends IllegalStateException {
        private static final long serialVersionUID = 1;

        Changed() {
            super("the outbox's partitions have changed");
        }
    }

    /** Runs {@code work} over the partitions that are known, and once more, over those that there are, when these turn out to be others. */
    <T> Future<T> over(SqlClient client, Function<OutboxStatements, Future<T>> work) {
        return statements(client).compose(work).recover(failure -> {
            if (!tellsOfChange(failure)) {
                return Future.failedFuture(failure);
            }
            known = null;
            return statements(client).compose(work);
        });
    }

    private static boolean tellsOfChange(Throwable failure) {
        return failure instanceof Changed
                || (failure instanceof PgException refused && UNDEFINED_TABLE.equals(refused.getSqlState()));
    }

    private Future<OutboxStatements> statements(SqlClient client) {
        @Nullable OutboxStatements statements = known;
        return statements != null ? Future.succeededFuture(statements) : look(client);
    }

    private Future<OutboxStatements> look(SqlClient client) {
        return client.query(OutboxStatements.PARTITIONS).execute().map(rows -> {
            List<String> names = new ArrayList<>();
            rows.forEach(row -> names.add(row.getString("name")));
            var statements = new OutboxStatements(names);
            known = statements;
            return statements;
        });
    }

    /** Of a statement that answers at least one row, with its {@code listed}. */
    static RowSet<Row> checked(RowSet<Row> rows) {
        if (!Boolean.TRUE.equals(rows.iterator().next().getBoolean("listed"))) {
            throw new Changed();
        }
        return rows;
    }
}
