package dev.carillon.benchmarks.cursor;

import dev.carillon.relay.Lane;
import dev.carillon.relay.OutboxEvent;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import org.jspecify.annotations.Nullable;

/** The statements of {@link CursorOutbox}. */
final class CursorStatements {
    static final String CONTENT =
            "event_id, topic, record_key, type, source, subject, tenant, version, occurred_at, traceparent, tracestate, payload";

    /**
     * For each lane what its target shows and its base does not, in order of seq, then a row without a seq: who sees that row knows that the lane was
     * read up to the limit of one lane, and nothing cut short before. A target that is not given is the statement's own snapshot. No made-up snapshot
     * would do: a transaction may start first and commit second, and its events of a key must not come first.
     *
     * <p>Of the transactions that the base saw running only those that ended since are looked for, each by its own id: one that stays open costs
     * nothing, however long.
     */
    static final String READ = """
            WITH now AS MATERIALIZED (SELECT pg_current_snapshot() AS snapshot),
            lanes AS MATERIALIZED (
                SELECT l.lane, l.turn, l.last, t.target, pg_snapshot_xmax(s.base) AS from_xid, pg_snapshot_xmax(t.target) AS to_xid,
                       ARRAY(SELECT x FROM pg_snapshot_xip(s.base) AS x WHERE pg_visible_in_snapshot(x, t.target)) AS ended
                FROM now
                CROSS JOIN unnest($1::smallint[], $2::text[], $3::text[], $4::bigint[]) WITH ORDINALITY AS l(lane, base, target, last, turn)
                CROSS JOIN LATERAL (SELECT l.base::pg_snapshot AS base) AS s
                CROSS JOIN LATERAL (SELECT coalesce(nullif(l.target, '')::pg_snapshot, now.snapshot) AS target) AS t
                ORDER BY l.turn)
            SELECT b.*, (SELECT snapshot::text FROM now) AS snapshot,
                   b.seq IS NOT NULL AND EXISTS (SELECT FROM outbox_parked p
                       WHERE p.lane = b.lane AND p.record_key = b.record_key AND p.topic = b.topic) AS key_parked
            FROM (SELECT c.*, sum(coalesce(octet_length(c.payload), 0))
                                  OVER (ORDER BY c.turn, c.seq NULLS LAST ROWS UNBOUNDED PRECEDING) AS bytes_so_far
                  FROM (SELECT l.turn, l.lane, e.*
                        FROM lanes AS l
                        CROSS JOIN LATERAL (
                            (SELECT n.* FROM (
                                SELECT o.seq, o.xid::text AS xid, %1$s FROM outbox_event o
                                WHERE o.lane = l.lane AND o.xid >= l.from_xid AND o.xid < l.to_xid AND o.seq > l.last
                                  AND pg_visible_in_snapshot(o.xid, l.target)
                                UNION ALL
                                SELECT o.seq, o.xid::text, %1$s FROM outbox_event o
                                WHERE o.lane = l.lane AND o.xid = ANY (l.ended) AND o.seq > l.last) AS n
                             ORDER BY n.seq LIMIT $5)
                            UNION ALL
                            SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) AS e
                        LIMIT $6) AS c) AS b
            WHERE b.bytes_so_far - coalesce(octet_length(b.payload), 0) < $7
            ORDER BY b.turn, b.seq NULLS LAST
            """.formatted(CONTENT);

    /**
     * The same for lanes that stand at one base, wholly read up to it: one range for all of them instead of one for each. Sorts all that it finds, so
     * it is for a base that is young. {@code found} tells whether anything was cut off.
     */
    static final String READ_IN_STEP = """
            WITH now AS MATERIALIZED (SELECT pg_current_snapshot() AS snapshot),
            span AS MATERIALIZED (
                SELECT now.snapshot AS target, pg_snapshot_xmax(s.base) AS from_xid, pg_snapshot_xmax(now.snapshot) AS to_xid,
                       ARRAY(SELECT x FROM pg_snapshot_xip(s.base) AS x WHERE pg_visible_in_snapshot(x, now.snapshot)) AS ended
                FROM now CROSS JOIN LATERAL (SELECT $2::text::pg_snapshot AS base) AS s)
            SELECT now.snapshot::text AS snapshot, e.*,
                   e.seq IS NOT NULL AND EXISTS (SELECT FROM outbox_parked p
                       WHERE p.lane = e.lane AND p.record_key = e.record_key AND p.topic = e.topic) AS key_parked
            FROM now LEFT JOIN (
                SELECT * FROM (
                    SELECT n.*, count(*) OVER () AS found, sum(octet_length(n.payload)) OVER (ORDER BY n.seq ROWS UNBOUNDED PRECEDING) AS bytes_so_far
                    FROM (SELECT a.* FROM (
                              SELECT o.* FROM span AS s CROSS JOIN LATERAL (
                                  SELECT r.lane, r.seq, r.xid::text AS xid, %1$s FROM outbox_event r
                                  WHERE r.lane = ANY ($1::smallint[]) AND r.xid >= s.from_xid AND r.xid < s.to_xid
                                    AND pg_visible_in_snapshot(r.xid, s.target)) AS o
                              UNION ALL
                              SELECT o.* FROM span AS s CROSS JOIN LATERAL (
                                  SELECT r.lane, r.seq, r.xid::text AS xid, %1$s FROM outbox_event r
                                  WHERE r.lane = ANY ($1::smallint[]) AND r.xid = ANY (s.ended)) AS o) AS a
                          ORDER BY a.seq LIMIT $3) AS n) AS m
                WHERE m.bytes_so_far - octet_length(m.payload) < $4) AS e ON true
            ORDER BY e.seq
            """.formatted(CONTENT);

    static final String READ_AGAIN = """
            SELECT o.lane, o.seq, %s, EXISTS (SELECT FROM outbox_parked p
                       WHERE p.lane = o.lane AND p.record_key = o.record_key AND p.topic = o.topic) AS key_parked
            FROM unnest($1::smallint[], $2::text[], $3::bigint[]) AS f(lane, xid, seq)
            JOIN outbox_event o ON o.lane = f.lane AND o.xid = f.xid::xid8 AND o.seq = f.seq
            WHERE o.topic <> ALL ($4::text[])
            ORDER BY o.lane, o.seq
            """.formatted(CONTENT);

    /**
     * A position that a crash of the database forgets costs repeats and no event, so its commit need not wait for the disk. One that is there after
     * a crash was written after every transaction id that its snapshots know.
     */
    static final String SAVE = """
            WITH counted AS MATERIALIZED (
                SELECT l.lane, l.epoch, m.base, m.target, m.last, m.settled, set_config('synchronous_commit', 'off', true)
                FROM unnest($2::smallint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::text[])
                         AS m(lane, epoch, base, target, last, settled)
                JOIN outbox_lane l ON l.lane = m.lane AND l.epoch = m.epoch
                WHERE l.owner = $1)
            INSERT INTO outbox_cursor (lane, epoch, base, target, last, settled)
            SELECT lane, epoch, base::pg_snapshot, nullif(target, '')::pg_snapshot, last, settled::bigint[] FROM counted
            RETURNING lane
            """;

    static final String LOAD = """
            SELECT m.lane, c.base::text AS base, c.target::text AS target, c.last, c.settled
            FROM unnest($1::smallint[]) AS m(lane)
            CROSS JOIN LATERAL (
                SELECT * FROM outbox_cursor o WHERE o.lane = m.lane ORDER BY o.epoch DESC, o.id DESC LIMIT 1) AS c
            """;

    static final String LOCK_LEASE =
            "SELECT lane FROM outbox_lane WHERE lane = $1 AND epoch = $2 AND owner = $3 FOR UPDATE";

    static final String PARK = """
            INSERT INTO outbox_parked (lane, seq, %1$s, error)
            SELECT o.lane, o.seq, %1$s, coalesce(nullif(f.refusal, ''), 'follows a parked event of its key')
            FROM unnest($1::smallint[], $2::text[], $3::bigint[], $4::text[]) AS f(lane, xid, seq, refusal)
            JOIN outbox_event o ON o.lane = f.lane AND o.xid = f.xid::xid8 AND o.seq = f.seq
            WHERE f.refusal <> '' OR EXISTS (SELECT FROM outbox_parked p
                       WHERE p.lane = o.lane AND p.record_key = o.record_key AND p.topic = o.topic)
            ORDER BY o.seq
            RETURNING seq
            """.formatted(CONTENT);

    private static final byte[] NOTHING = {};

    private CursorStatements() {}

    static OutboxEvent event(Row row) {
        @Nullable Buffer payload = row.getBuffer("payload");
        return new OutboxEvent(
                new Lane(row.getShort("lane")),
                row.getLong("seq"),
                row.getUUID("event_id"),
                row.getString("topic"),
                row.getString("record_key"),
                row.getString("type"),
                row.getString("source"),
                row.getString("subject"),
                row.getString("tenant"),
                row.getLong("version"),
                row.getOffsetDateTime("occurred_at").toInstant(),
                row.getString("traceparent"),
                row.getString("tracestate"),
                payload == null ? NOTHING : payload.getBytes());
    }
}
