package dev.carillon.kit.tx;

import dev.carillon.kit.telemetry.Statements;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.hibernate.SessionEventListener;
import org.hibernate.reactive.mutiny.Mutiny;
import org.hibernate.reactive.mutiny.impl.MutinySessionImpl;
import org.hibernate.reactive.pool.impl.SqlClientConnection;
import org.hibernate.reactive.session.ReactiveSession;

/**
 * Opens transactions for Hibernate entities. The {@link Tx} runs SQL on the session's own connection, so that an outbox row commits with the
 * entities. Not a bean itself: a service that has entities produces one from its session factory.
 */
public final class EntityTransactions {
    private final Mutiny.SessionFactory sessions;

    public EntityTransactions(Mutiny.SessionFactory sessions) {
        this.sessions = sessions;
    }

    /** Flushes and commits when {@code work} succeeds, rolls back when it fails, and then fails with what failed. Goes on to its end when its caller has gone. */
    public <T> Uni<T> inTransaction(BiFunction<Mutiny.Session, Tx, Uni<T>> work) {
        return Uni.createFrom().deferred(() -> {
            var hooks = new TxHooks();
            return hooks.around(
                    sessions.withTransaction((session, tx) -> work.apply(session, SessionTx.of(session, hooks))));
        });
    }

    /** A session for reads, without dirty checking. */
    public <T> Uni<T> read(Function<Mutiny.Session, Uni<T>> work) {
        return sessions.withSession(session -> {
            session.setDefaultReadOnly(true);
            count(session, Statements.current());
            return work.apply(session);
        });
    }

    private static void count(Mutiny.Session session, Statements sent) {
        ((MutinySessionImpl) session)
                .unwrap(ReactiveSession.class)
                .getSharedContract()
                .addEventListeners(new Reads(sent));
    }

    /** Counts what Hibernate asks by itself. It tells nobody of the rows that it writes when it flushes. */
    private record Reads(Statements sent) implements SessionEventListener {
        @Override
        public void jdbcExecuteStatementStart() {
            sent.add(1);
        }
    }

    private record SessionTx(Mutiny.Session session, TxHooks hooks, Statements sent) implements Tx {
        static SessionTx of(Mutiny.Session session, TxHooks hooks) {
            var sent = Statements.current();
            count(session, sent);
            // A batch size of one, because a batching session hides its connection; what is hot is plain SQL anyway.
            return new SessionTx(session.setBatchSize(1), hooks, sent);
        }

        @Override
        public Uni<RowSet<Row>> run(String sql, Tuple parameters) {
            sent.add(1);
            return session.flush()
                    .chain(() -> Uni.createFrom()
                            .completionStage(() -> connection().preparedQuery(sql, parameters.getDelegate())))
                    .map(rows -> RowSet.newInstance(rows, Row.__TYPE_ARG));
        }

        private SqlClientConnection connection() {
            return (SqlClientConnection) ((MutinySessionImpl) session).getReactiveConnection();
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
