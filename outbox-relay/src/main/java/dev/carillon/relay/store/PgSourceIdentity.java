package dev.carillon.relay.store;

import dev.carillon.relay.SourceIdentity;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The database's own functions do it, with its owner's rights: a relay may neither change nor remove an event. */
public final class PgSourceIdentity implements SourceIdentity {
    private final Vertx vertx;
    private final SourceDatabase database;

    public PgSourceIdentity(Vertx vertx, SourceDatabase database) {
        this.vertx = vertx;
        this.database = database;
    }

    /** Fails when positions that are loaded over this connection would mean nothing. */
    static Future<Void> require(SqlClient connection) {
        return connection.query("SELECT outbox_foreign() AS why").execute().compose(rows -> {
            @Nullable String why = rows.iterator().next().getString("why");
            return why == null ? Future.succeededFuture() : Future.failedFuture(new IllegalStateException(why));
        });
    }

    /** On a connection of its own without a time limit: there may be days of events to go through. */
    @Override
    public CompletionStage<Adoption> adopt(String adopter) {
        return PgConnection.connect(vertx, database.connectOptions("outbox-relay adoption"))
                .compose(connection -> adopt(connection, adopter).onComplete(done -> connection.close()))
                .toCompletionStage();
    }

    private static Future<Adoption> adopt(PgConnection connection, String adopter) {
        return connection
                .query("SET statement_timeout = 0")
                .execute()
                .compose(set -> connection
                        .preparedQuery("SELECT adopted, removed, kept FROM outbox_adopt($1)")
                        .execute(Tuple.of(adopter)))
                .map(rows -> adoption(rows.iterator().next()));
    }

    private static Adoption adoption(Row row) {
        return row.getBoolean("adopted")
                ? new Adoption.Adopted(row.getLong("removed"), row.getLong("kept"))
                : new Adoption.NotForeign();
    }
}
