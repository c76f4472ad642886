package dev.carillon.relay.store;

import dev.carillon.kit.tx.BoundedPool;
import io.vertx.core.Vertx;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.util.Map;

/** Where a source's outbox is. */
public record SourceDatabase(String host, int port, String name, String user, String password) {
    /** Reads and positions on one of their own, leases, and what an operator asks. */
    private static final int CONNECTIONS = 4;

    private static final int SILENT_SECONDS = 10;

    /** A pool for everything but listening; the caller closes it. */
    public Pool connect(Vertx vertx) {
        // No timeout of the pool's own: its timer goes off, and logs an error, even after a failed connect was answered
        // (vertx-sql-client #1706).
        // Who waits here bounds its own wait.
        var sizes = new PoolOptions().setMaxSize(CONNECTIONS).setConnectionTimeout(0);
        // A connection that says nothing for this long is closed: an unused one is no loss, and one whose other end is
        // gone must not be waited for.
        var options = connectOptions("outbox-relay").setIdleTimeout(SILENT_SECONDS);
        return PgBuilder.pool()
                .with(sizes)
                .connectingTo(options)
                .withConnectHandler(BoundedPool::cutOffWhenSilent)
                .using(vertx)
                .build();
    }

    PgConnectOptions connectOptions(String applicationName) {
        return new PgConnectOptions()
                .setHost(host)
                .setPort(port)
                .setDatabase(name)
                .setUser(user)
                .setPassword(password)
                .setCachePreparedStatements(true)
                // A poll every few milliseconds would otherwise be a trace each.
                .setTracingPolicy(TracingPolicy.IGNORE)
                .setConnectTimeout(3_000)
                .setTcpKeepAlive(true)
                .setProperties(session(applicationName));
    }

    /**
     * An outbox is empty when its statements are planned and full when they matter: planned as it is, a read would scan and sort the whole backlog
     * for each lane. Every statement here has an index to go by.
     */
    private static Map<String, String> session(String applicationName) {
        return Map.of(
                "application_name", applicationName,
                "statement_timeout", "9000",
                "enable_seqscan", "off",
                "enable_bitmapscan", "off",
                "plan_cache_mode", "force_generic_plan");
    }

    @Override
    public String toString() {
        return user + "@" + host + ":" + port + "/" + name;
    }
}
