package dev.carillon.benchmarks.pending;

import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.postgres.Migrations;
import dev.carillon.kit.testing.postgres.PostgresServer;
import java.util.Map;

/** A scheduler's database of its own, with as many pending messages as are wanted. */
final class Pending {
    private final Database database;
    private final PendingMessages all;

    Pending(PostgresServer server, String name) {
        this.database = server.createFreshDatabase(name);
        Migrations.ofService(database).load().migrate();
        var administration = server.administration();
        this.all = new PendingMessages(database.as(administration.user(), administration.password()));
    }

    Database database() {
        return database;
    }

    void fill(long messages) {
        all.fill(messages);
        all.database().execute("CHECKPOINT");
    }

    /** Has the plan of every statement of the database's owner logged, from its next connection on. */
    void explain() {
        for (var setting : Map.of(
                        "session_preload_libraries", "'auto_explain'",
                        "auto_explain.log_min_duration", "0",
                        "auto_explain.log_analyze", "on",
                        "auto_explain.log_buffers", "on",
                        "auto_explain.log_timing", "off",
                        "auto_explain.log_format", "json")
                .entrySet()) {
            all.database()
                    .execute("ALTER ROLE %s IN DATABASE %s SET %s = %s"
                            .formatted(database.user(), database.name(), setting.getKey(), setting.getValue()));
        }
    }

    /** As if it had been far away, and a sweep had moved it near: all that were created last. */
    void comeNear(int messages, int seconds) {
        all.database()
                .execute(
                        "WITH far AS (DELETE FROM timer_far WHERE kind = 'staging' AND id IN (SELECT id FROM timer_far WHERE kind = 'staging'"
                                + " ORDER BY id DESC LIMIT " + messages
                                + ") RETURNING kind, id) INSERT INTO timer (kind, id, due_at) SELECT kind, id, clock_timestamp() + interval '"
                                + seconds
                                + " s' FROM far");
    }
}
