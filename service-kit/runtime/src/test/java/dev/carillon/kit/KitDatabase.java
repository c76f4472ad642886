package dev.carillon.kit;

import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.postgres.Migrations;
import dev.carillon.kit.tx.Transactions;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.List;

/** A fresh database with the kit's tables, and what is needed to talk to it as a service does. */
public final class KitDatabase implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    public final Vertx vertx = Vertx.vertx();
    public final Database database;
    public final Pool pool;
    public final Transactions transactions;

    private KitDatabase(Database database) {
        this.database = database;
        this.pool = Pool.newInstance(
                io.vertx.sqlclient.Pool.pool(vertx.getDelegate(), connectOptions(), new PoolOptions().setMaxSize(10)));
        this.transactions = new Transactions(pool);
    }

    /** For another pool, perhaps by another way. */
    public PgConnectOptions connectOptions() {
        return new PgConnectOptions()
                .setHost(database.host())
                .setPort(database.port())
                .setDatabase(database.name())
                .setUser(database.user())
                .setPassword(database.password());
    }

    public static KitDatabase fresh() {
        return new KitDatabase(Migrations.freshKit("kit"));
    }

    public long count(String query, Object... parameters) {
        return pool.preparedQuery(query)
                .execute(Tuple.from(parameters))
                .await()
                .atMost(PATIENCE)
                .iterator()
                .next()
                .getLong(0);
    }

    public List<String> texts(String query) {
        return transactions
                .list(query, Tuple.tuple(), row -> row.getString(0))
                .await()
                .atMost(PATIENCE);
    }

    public void execute(String statement) {
        pool.query(statement).execute().await().atMost(PATIENCE);
    }

    @Override
    public void close() {
        pool.close().await().atMost(PATIENCE);
        vertx.close().await().atMost(PATIENCE);
    }
}
