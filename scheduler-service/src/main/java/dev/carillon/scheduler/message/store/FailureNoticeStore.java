package dev.carillon.scheduler.message.store;

import dev.carillon.kit.tx.Columns;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.message.Message;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Which ends of messages their {@code onFailure} has been told of, in PostgreSQL. */
@ApplicationScoped
public class FailureNoticeStore {
    private static final String INSERT = """
            INSERT INTO failure_notice (message_id, generation, delivery_version, notice_id, told_at)
            SELECT * FROM unnest($1::uuid[], $2::int[], $3::bigint[], $4::uuid[], $5::timestamptz[])
            ON CONFLICT DO NOTHING RETURNING notice_id
            """;
    // An array, which is looked up row by row; for a join a plan that does not know the limit reads the whole table.
    private static final String FORGET = """
            DELETE FROM failure_notice WHERE ctid = ANY(ARRAY(
                SELECT ctid FROM failure_notice WHERE told_at < $1 ORDER BY told_at LIMIT $2 FOR UPDATE SKIP LOCKED))
            """;

    /**
     * A message as it ended, and the one that tells of it. An end is known by the version of the delivery that it came with: one that is redriven and
     * fails again ends at a higher one.
     */
    public record Notice(Message failed, TracedMessage telling) {}

    /** Gives the messages of those that tell of an end that nobody has been told of. */
    public Uni<Set<UUID>> insert(Tx tx, List<Notice> notices, Instant now) {
        var columns = Columns.<Notice>of(notices)
                .uuids(notice -> notice.failed.id())
                .integers(notice -> notice.failed.generation())
                .longs(notice -> notice.failed.progress().deliveryVersion())
                .uuids(notice -> notice.telling.id())
                .instants(notice -> now);
        return tx.list(INSERT, columns.tuple(), row -> row.getUUID("notice_id")).map(HashSet::new);
    }

    /** Forgets at most {@code limit} of those told before {@code before}, the oldest first; gives how many. */
    public Uni<Integer> forget(Tx tx, Instant before, int limit) {
        return tx.run(FORGET, Tuple.of(before.atOffset(ZoneOffset.UTC), limit)).map(rows -> rows.rowCount());
    }
}
