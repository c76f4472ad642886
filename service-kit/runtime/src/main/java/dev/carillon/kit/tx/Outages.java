package dev.carillon.kit.tx;

import com.fasterxml.jackson.core.JacksonException;
import io.vertx.core.VertxException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Tells a database that is away from data that it refuses. */
public final class Outages {
    // Classes of SQLSTATE: connection, rollback (deadlock, serialization), resources, object state (locks), operator.
    private static final Set<String> PASSING = Set.of("08", "40", "53", "55", "57");

    private Outages() {}

    /** Whether waiting helps: no connection, a restart, a deadlock, a full disk; not an error of the data. */
    public static boolean isOutage(Throwable failure) {
        var cause = failure.getCause();
        return passes(failure) || cause != null && isWrapper(failure) && isOutage(cause);
    }

    /** What others wrap around the database's failure; the cause of anything else is its own affair. */
    private static boolean isWrapper(Throwable failure) {
        return failure instanceof CompletionException
                || failure instanceof ExecutionException
                || failure.getClass().getName().startsWith("org.hibernate.")
                || failure.getClass().getName().startsWith("jakarta.persistence.");
    }

    private static boolean passes(Throwable failure) {
        return failure instanceof PgException refusal
                ? PASSING.contains(stateClass(refusal))
                : failure instanceof IOException && !(failure instanceof JacksonException)
                        || failure instanceof VertxException
                        || failure instanceof TimeoutException
                        || failure instanceof NoStackTraceThrowable;
    }

    private static String stateClass(PgException refusal) {
        var state = String.valueOf(refusal.getSqlState());
        return state.length() < 2 ? state : state.substring(0, 2);
    }
}
