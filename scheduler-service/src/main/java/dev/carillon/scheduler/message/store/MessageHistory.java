package dev.carillon.scheduler.message.store;

import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;

/** What is kept of messages that have ended: first less, then nothing. A message that has not ended is never touched, however old it is. */
@ApplicationScoped
public class MessageHistory {
    // The error may name the recipient. Rows are looked up one by one, by an
    // array; for a join a plan that does not know the limit reads the whole table.
    private static final String REDACT = """
            UPDATE message SET redacted = true, content = '{"text":"redacted"}', edit = NULL, on_failure = NULL, metadata = NULL,
                   error = CASE WHEN error IS NOT NULL THEN 'redacted' END,
                   recipient = CASE channel WHEN 'email' THEN '{"channel":"email","address":"redacted"}'
                                            WHEN 'telegram' THEN '{"channel":"telegram","chatId":"redacted"}'
                                            ELSE '{"channel":"webhook","url":"https://redacted.invalid/"}' END
            WHERE id = ANY(ARRAY(
                SELECT id FROM message
                WHERE ended_at < $1 AND NOT redacted AND status IN ('delivered', 'failed', 'expired', 'cancelled')
                ORDER BY ended_at LIMIT $2 FOR UPDATE SKIP LOCKED))
            """;
    private static final String FORGET = """
            DELETE FROM message WHERE id = ANY(ARRAY(
                SELECT id FROM message
                WHERE ended_at < $1 AND redacted AND status IN ('delivered', 'failed', 'expired', 'cancelled')
                ORDER BY ended_at LIMIT $2 FOR UPDATE SKIP LOCKED))
            """;

    /** Takes recipient, content and whatever else may tell of them out of at most {@code limit} that ended before; gives of how many. */
    public Uni<Integer> redact(Tx tx, Instant endedBefore, int limit) {
        return run(tx, REDACT, endedBefore, limit);
    }

    /** Removes at most {@code limit} of the redacted ones that ended before, the oldest first; gives how many. */
    public Uni<Integer> forget(Tx tx, Instant endedBefore, int limit) {
        return run(tx, FORGET, endedBefore, limit);
    }

    private static Uni<Integer> run(Tx tx, String sql, Instant endedBefore, int limit) {
        return tx.run(sql, Tuple.of(endedBefore.atOffset(ZoneOffset.UTC), limit))
                .map(rows -> rows.rowCount());
    }
}
