package dev.carillon.kit.tx;

import com.fasterxml.jackson.core.JacksonException;
import io.vertx.core.VertxException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.CharConversionException;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Tells a database that is away from data that it refuses. */
public final class Outages {
    // Classes of SQLSTATE: connection, rollback (deadlock, serialization), resources.
    private static final Set<String> PASSING_CLASSES = Set.of("08", "40", "53");
    // A server that stops, starts or is a standby now; a lock that was not to be had; a transaction that was cut off. A
    // statement that ran out of
    // its time (57014) is not among them: it may do so every time.
    private static final Set<String> PASSING =
            Set.of("57P01", "57P02", "57P03", "57P05", "25006", "25P03", "25P04", "55P03");
    private static final Set<String> LOCK_CONFLICTS = Set.of("55P03", "40P01");
    // What the client of Vert.x 4.5 says in classes that it uses for bugs, too: io.vertx.core.net.impl.ConnectionBase,
    // io.vertx.core.net.impl.pool and io.vertx.sqlclient.impl.{SocketConnectionBase, pool.SqlConnectionPool}.
    private static final List<String> NO_CONNECTION = List.of(
            "Connection was closed",
            "Connection is not active now",
            "Pending requests failed to be sent due to connection has been closed",
            "Connection pool reached max wait queue size",
            "Timeout waiting for connection",
            "Pool closed");
    private static final String POOL_TIMEOUT = "Timeout";

    private Outages() {}

    /**
     * Whether others kept a row locked for too long, or each of two had what the other wanted, and that alone: the transaction is rolled back, and may be
     * tried again at once.
     */
    public static boolean isLockConflict(Throwable failure) {
        var cause = failure.getCause();
        return failure instanceof PgException refusal && LOCK_CONFLICTS.contains(String.valueOf(refusal.getSqlState()))
                || cause != null && isWrapper(failure) && isLockConflict(cause);
    }

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
        return switch (failure) {
            case PgException refusal -> passes(String.valueOf(refusal.getSqlState()));
            case JacksonException unreadable -> false;
            case CharConversionException noText -> false;
            case IOException noConnection -> true;
            case TimeoutException late -> true;
            case io.smallrye.mutiny.TimeoutException late -> true;
            case ClosedConnectionException closed -> true;
            case VertxException other -> isNoConnection(other.getMessage());
            case NoStackTraceThrowable other -> isNoConnection(other.getMessage());
            default -> false;
        };
    }

    private static boolean passes(String sqlState) {
        return PASSING.contains(sqlState)
                || sqlState.length() == 5 && PASSING_CLASSES.contains(sqlState.substring(0, 2));
    }

    private static boolean isNoConnection(@Nullable String message) {
        return message != null
                && (message.equals(POOL_TIMEOUT) || NO_CONNECTION.stream().anyMatch(message::startsWith));
    }
}
