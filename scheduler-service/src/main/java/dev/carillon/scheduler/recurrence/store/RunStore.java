package dev.carillon.scheduler.recurrence.store;

import dev.carillon.kit.tx.Columns;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.message.Status;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The runs of schedules in PostgreSQL. Whoever changes them has locked their schedule. */
@ApplicationScoped
public class RunStore {
    private static final String INSERT = """
            INSERT INTO schedule_run (schedule_id, zone, local, second, due_at, message_id)
            SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamp[], $4::boolean[], $5::timestamptz[], $6::uuid[])
            ON CONFLICT DO NOTHING RETURNING message_id
            """;
    private static final String AHEAD =
            "SELECT message_id FROM schedule_run WHERE schedule_id = $1 AND due_at > $2 AND withdrawn_at IS NULL";
    // By where the messages are now: their clients may have moved them, or be about to.
    private static final String STILL_TO_COME = """
            SELECT r.message_id FROM schedule_run r JOIN message m ON m.id = r.message_id
            WHERE r.schedule_id = $1 AND (m.due_at > $2 OR m.status NOT IN ('delivered', 'failed', 'expired', 'cancelled'))
            """;
    private static final String REMOVE =
            "DELETE FROM schedule_run WHERE message_id = ANY($2::uuid[]) AND schedule_id = ANY($1::uuid[])";
    private static final String WITHDRAW =
            "UPDATE schedule_run SET withdrawn_at = $3 WHERE message_id = ANY($2::uuid[]) AND schedule_id = ANY($1::uuid[])";
    // Message by message, which a join alone is not for sure: plans are made while the table may be empty.
    private static final String WITHDRAWN = """
            SELECT r.*, m.status FROM schedule_run r
            LEFT JOIN LATERAL (SELECT status FROM message WHERE id = r.message_id OFFSET 0) AS m ON true
            WHERE r.schedule_id = ANY($1::uuid[]) AND r.withdrawn_at IS NOT NULL
            """;
    private static final String SKIP_WITHDRAWN =
            "UPDATE schedule_run SET withdrawn_at = NULL WHERE schedule_id = $1 AND due_at <= $2 AND withdrawn_at IS NOT NULL";
    // An array, which is looked up row by row; for a join a plan that does not know the limit reads the whole table.
    private static final String FORGET = """
            DELETE FROM schedule_run WHERE ctid = ANY(ARRAY(
                SELECT ctid FROM schedule_run WHERE due_at < $1 ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED))
            """;

    /**
     * A run whose message was called back.
     *
     * @param status how the message stands; null when it is no more
     */
    public record Withdrawn(
            RunRow run, Instant withdrawnAt, @Nullable Status status) {}

    /** Adds those whose occurrence has no message yet; gives the messages of these. */
    public Uni<Set<UUID>> insert(Tx tx, List<RunRow> runs) {
        if (runs.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        var columns = Columns.<RunRow>of(runs)
                .uuids(RunRow::scheduleId)
                .texts(RunRow::zone)
                .locals(RunRow::local)
                .booleans(RunRow::second)
                .instants(RunRow::dueAt)
                .uuids(RunRow::messageId);
        return tx.list(INSERT, columns.tuple(), row -> row.getUUID("message_id"))
                .map(HashSet::new);
    }

    /** The messages of the runs whose occurrences are after {@code after}, but for those that are called back already. */
    public Uni<List<UUID>> ahead(Tx tx, UUID scheduleId, Instant after) {
        return tx.list(AHEAD, Tuple.of(scheduleId, after.atOffset(ZoneOffset.UTC)), row -> row.getUUID("message_id"));
    }

    /** All messages of the runs that are due after {@code after} or have not ended, called back or not. */
    public Uni<List<UUID>> stillToCome(Tx tx, UUID scheduleId, Instant after) {
        return tx.list(
                STILL_TO_COME, Tuple.of(scheduleId, after.atOffset(ZoneOffset.UTC)), row -> row.getUUID("message_id"));
    }

    /** Makes these occurrences free for another message. */
    public Uni<Void> remove(Tx tx, List<UUID> schedules, List<UUID> messages) {
        return messages.isEmpty()
                ? Uni.createFrom().voidItem()
                : tx.run(REMOVE, Tuple.of(array(schedules), array(messages))).replaceWithVoid();
    }

    /** @param at null for those that are not withdrawn after all */
    public Uni<Void> withdraw(Tx tx, List<UUID> schedules, List<UUID> messages, @Nullable Instant at) {
        return messages.isEmpty()
                ? Uni.createFrom().voidItem()
                : tx.run(
                                WITHDRAW,
                                Tuple.of(
                                        array(schedules),
                                        array(messages),
                                        at == null ? null : at.atOffset(ZoneOffset.UTC)))
                        .replaceWithVoid();
    }

    /** Whatever becomes of the messages that were called back: the occurrences up to {@code until} get no other ones. */
    public Uni<Void> skipWithdrawn(Tx tx, UUID scheduleId, Instant until) {
        return tx.run(SKIP_WITHDRAWN, Tuple.of(scheduleId, until.atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    /** Those whose message was called back. */
    public Uni<List<Withdrawn>> withdrawn(Tx tx, List<UUID> schedules) {
        return tx.list(WITHDRAWN, Tuple.of(array(schedules)), RunStore::readWithdrawn);
    }

    /** Forgets at most {@code limit} of those that were due before {@code dueBefore}, the oldest first; gives how many. */
    public Uni<Integer> forget(Tx tx, Instant dueBefore, int limit) {
        return tx.run(FORGET, Tuple.of(dueBefore.atOffset(ZoneOffset.UTC), limit))
                .map(rows -> rows.rowCount());
    }

    private static Withdrawn readWithdrawn(Row row) {
        var status = row.getString("status");
        return new Withdrawn(
                new RunRow(
                        row.getUUID("schedule_id"),
                        row.getString("zone"),
                        row.getLocalDateTime("local"),
                        row.getBoolean("second"),
                        row.getOffsetDateTime("due_at").toInstant(),
                        row.getUUID("message_id")),
                row.getOffsetDateTime("withdrawn_at").toInstant(),
                status == null ? null : Status.of(status));
    }

    private static UUID[] array(List<UUID> ids) {
        return ids.toArray(UUID[]::new);
    }
}
