package dev.carillon.relay.store;

import dev.carillon.kit.tx.BoundedPool;
import dev.carillon.kit.tx.DatabaseTls;
import io.vertx.core.Vertx;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Where a source's outbox is, and how it is reached. */
public record SourceDatabase(String host, int port, String name, String user, String password, DatabaseTls tls) {
    private static final int CONNECTIONS = 3;

    /** One to renew over, and another for when that has fallen silent. */
    private static final int LEASE_CONNECTIONS = 2;

    /** Longer than the server gives a statement. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    /** Without encryption. */
    public SourceDatabase(String host, int port, String name, String user, String password) {
        this(host, port, name, user, password, DatabaseTls.NONE);
    }

    /**
     * A pool, which connects when it is asked to; the caller closes it. What must not wait for one another has a pool each.
     *
     * @param pool its name in metrics
     */
    public Pool connect(String pool, Vertx vertx) {
        return connect(pool, vertx, CONNECTIONS, SILENCE);
    }

    /** For leases alone: nothing else may keep a renewal waiting, and a connection that is silent for half a lease is given up. */
    public Pool connectForLeases(String pool, Vertx vertx, Duration lease) {
        return connect(pool, vertx, LEASE_CONNECTIONS, lease.dividedBy(2));
    }

    private Pool connect(String pool, Vertx vertx, int connections, Duration silence) {
        // No timeout of the pool's own: its timer goes off, and logs an error, even after a failed connect was answered
        // (vertx-sql-client #1706).
        // Who waits here bounds its own wait.
        var sizes = new PoolOptions().setName(pool).setMaxSize(connections).setConnectionTimeout(0);
        // A connection that says nothing for this long is closed: an unused one is no loss, and one whose other end is
        // gone must not be waited for.
        var options = connectOptions("outbox-relay")
                .setIdleTimeout(Math.toIntExact(silence.toMillis()))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        return PgBuilder.pool()
                .with(sizes)
                .connectingTo(options)
                .withConnectHandler(BoundedPool::cutOffWhenSilent)
                .using(vertx)
                .build();
    }

    PgConnectOptions connectOptions(String applicationName) {
        return tls.applyTo(new PgConnectOptions())
                .setHost(host)
                .setPort(port)
                .setDatabase(name)
                .setUser(user)
                .setPassword(password)
                .setCachePreparedStatements(true)
                // Of any length: those that read every partition by name are longer
                // than the client's limit, and would be parsed and planned each time.
                .setPreparedStatementCacheSqlFilter(sql -> true)
                // A poll every few milliseconds would otherwise be a trace each.
                .setTracingPolicy(TracingPolicy.IGNORE)
                .setConnectTimeout(3_000)
                .setTcpKeepAlive(true)
                .setProperties(session(applicationName));
    }

    /**
     * A client that falls silent within a transaction holds a lane's row, and with it every renewal of that lane: it is given less time than a lease.
     *
     * <p>An outbox is empty when its statements are planned and full when they matter: planned as it is, a read would scan and sort the whole backlog
     * for each lane. Every statement here has an index to go by.
     */
    private static Map<String, String> session(String applicationName) {
        return Map.of(
                "application_name", applicationName,
                "statement_timeout", "9000",
                "idle_in_transaction_session_timeout", "2000",
                "enable_seqscan", "off",
                "enable_bitmapscan", "off",
                "plan_cache_mode", "force_generic_plan");
    }

    @Override
    public String toString() {
        return user + "@" + host + ":" + port + "/" + name;
    }
}
