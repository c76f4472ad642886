package dev.carillon.benchmarks.pending;

import dev.carillon.kit.testing.postgres.Database;
import java.util.concurrent.CompletableFuture;

/**
 * Fills a scheduler's database with as many pending messages as are wanted: created over the last thirty days, due over the coming year, of a hundred
 * tenants of their own.
 *
 * @param database as one who owns its tables
 */
public record PendingMessages(Database database) {
    static final int TENANTS = 100;

    // Ids of version 7 in the order of their creation; instants in none. Those of the next hour are where a sweep has
    // moved them.
    private static final String FILL = """
            INSERT INTO message (id, tenant, status, revision, version, generation, channel, recipient, content, due_at, local_due_at, zone,
                                 tzdb_version, source_type, source_id, traceparent, created_at)
            SELECT (substr(ms, 1, 12) || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid,
                   'tenant-' || n %% %2$d, 'scheduled', 1, 1, 1, 'webhook', '{"channel":"webhook","url":"https://example.org/hooks/1"}',
                   '{"text":"' || repeat('See you at nine. ', 12) || '"}', due, due AT TIME ZONE 'UTC', 'UTC', '2026a', 'api', 'benchmark',
                   '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', now()
            FROM generate_series(%3$d, %4$d) n, LATERAL (
                SELECT now() + interval '20 minutes' + (hashint8(n)::bigint + 2147483648) * interval '1 s' * (365 * 86400.0 / 4294967296) AS due,
                       lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - 30 * 86400000::bigint
                                   + n * 30 * 86400000::bigint / (%1$d + 1)), 12, '0') AS ms OFFSET 0) AS at
            """;
    private static final int AT_ONCE = 250_000;
    private static final String ARM_NEAR = "INSERT INTO timer (kind, id, due_at)"
            + " SELECT 'staging', id, due_at - interval '30 s' FROM message WHERE due_at < now() + interval '1 hour'";
    private static final String ARM_FAR = "INSERT INTO timer_far (kind, id, due_at)"
            + " SELECT 'staging', id, due_at - interval '30 s' FROM message WHERE due_at >= now() + interval '1 hour' ORDER BY id";

    /** On two connections, and with the indexes that no constraint needs made afterwards. */
    public void fill(long messages) {
        var indexes = database.texts(
                "SELECT indexdef FROM pg_indexes WHERE tablename = 'message' AND indexdef NOT LIKE 'CREATE UNIQUE%'");
        database.texts(
                        "SELECT indexname FROM pg_indexes WHERE tablename = 'message' AND indexdef NOT LIKE 'CREATE UNIQUE%'")
                .forEach(index -> database.execute("DROP INDEX " + index));
        var others = CompletableFuture.runAsync(() -> fillEverySecondPart(messages, 1 + AT_ONCE));
        fillEverySecondPart(messages, 1);
        others.join();
        indexes.forEach(database::execute);
        database.execute(ARM_NEAR);
        database.execute(ARM_FAR);
        database.execute("VACUUM ANALYZE message");
        database.execute("VACUUM ANALYZE timer, timer_far");
    }

    private void fillEverySecondPart(long messages, long first) {
        for (long from = first; from <= messages; from += 2L * AT_ONCE) {
            database.execute(FILL.formatted(messages, TENANTS, from, Math.min(messages, from + AT_ONCE - 1)));
        }
    }
}
