package dev.carillon.relay.store;

import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The statements that read the outbox, over partitions by name. Each tells whether these still are the ones that are listed, in the very snapshot
 * that it reads by: else an event in a partition that it does not know would be passed by.
 *
 * <p>They are planned once, when most partitions are still empty. Whatever looks into a partition is therefore a subquery with {@code OFFSET 0}: planned
 * by itself, it takes all of its conditions to the index, where a join would take those that suffice for an empty one.
 */
final class OutboxStatements {
    static final String PARTITIONS = "SELECT name FROM outbox_partition WHERE state <> 'drained' ORDER BY from_at";

    private static final String COLUMNS = "lane, seq, xid, " + EventRow.CONTENT;

    /** What the lane {@code l} has after its base: a range of transactions, and those that the base saw running and the target does not. */
    private static final String AFTER_BASE = """
            SELECT {columns} FROM {outbox} o
            WHERE o.lane = l.lane AND o.xid >= l.from_xid AND o.xid < l.to_xid AND o.seq > l.last AND pg_visible_in_snapshot(o.xid, l.target)
            UNION ALL
            SELECT {columns} FROM {outbox} o
            WHERE o.lane = l.lane AND o.xid = ANY (l.ended) AND o.seq > l.last""";

    /** The same, but no more than tells an event from others: answered by the index alone, where the rows are old enough for vacuum to have been there. */
    private static final String KEYS_AFTER_BASE = """
            SELECT k.part, k.xid, k.seq FROM {keys} k
            WHERE k.lane = l.lane AND k.xid >= l.from_xid AND k.xid < l.to_xid AND k.seq > l.last AND pg_visible_in_snapshot(k.xid, l.target)
            UNION ALL
            SELECT k.part, k.xid, k.seq FROM {keys} k
            WHERE k.lane = l.lane AND k.xid = ANY (l.ended) AND k.seq > l.last""";

    private static final String NOW = """
            now AS MATERIALIZED (
                SELECT pg_current_snapshot() AS snapshot,
                       (SELECT string_agg(p.name, ',' ORDER BY p.from_at) FROM outbox_partition p WHERE p.state <> 'drained') = '{names}' AS listed)""";

    private static final String KEY_PARKED =
            "EXISTS (SELECT FROM outbox_parked p WHERE p.lane = {e}.lane AND p.record_key = {e}.record_key AND p.topic = {e}.topic)";

    /**
     * For each lane what its target shows and its base does not, in order of seq, then a row without a seq: who sees that row knows that the lane was
     * read up to the limit of one lane, and nothing cut short before. A target that is not given is the statement's own snapshot. No made-up snapshot
     * would do: a transaction may start first and commit second, and its events of a key must not come first.
     *
     * <p>Of the transactions that the base saw running only those that ended since are looked for, each by its own id: one that stays open costs
     * nothing, however long.
     *
     * <p>A page of a large batch goes through all that is left of it in its lane. So it sorts keys, and looks up the events of the first ones.
     */
    private static final String READ =
            """
            WITH {now},
            lanes AS MATERIALIZED (
                SELECT l.lane, l.turn, l.last, t.target, pg_snapshot_xmax(s.base) AS from_xid, pg_snapshot_xmax(t.target) AS to_xid,
                       ARRAY(SELECT x FROM pg_snapshot_xip(s.base) AS x WHERE pg_visible_in_snapshot(x, t.target)) AS ended
                FROM now
                CROSS JOIN unnest($1::smallint[], $2::text[], $3::text[], $4::bigint[]) WITH ORDINALITY AS l(lane, base, target, last, turn)
                CROSS JOIN LATERAL (SELECT l.base::pg_snapshot AS base) AS s
                CROSS JOIN LATERAL (SELECT coalesce(nullif(l.target, '')::pg_snapshot, now.snapshot) AS target) AS t
                ORDER BY l.turn)
            SELECT b.*, (SELECT snapshot::text FROM now) AS snapshot, (SELECT listed FROM now) AS listed,
                   b.seq IS NOT NULL AND {parked} AS key_parked
            FROM (SELECT c.*, sum(coalesce(octet_length(c.payload), 0))
                                  OVER (ORDER BY c.turn, c.seq NULLS LAST ROWS UNBOUNDED PRECEDING) AS bytes_so_far
                  FROM (SELECT l.turn, l.lane, e.*
                        FROM lanes AS l
                        CROSS JOIN LATERAL (
                            (SELECT n.seq, n.xid::text AS xid, o.*
                             FROM (SELECT k.part, k.xid, k.seq FROM ({after}) AS k ORDER BY k.seq LIMIT $5) AS n
                             CROSS JOIN LATERAL (SELECT * FROM {found} AS f OFFSET 0) AS o
                             ORDER BY n.seq)
                            UNION ALL
                            SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) AS e
                        LIMIT $6) AS c) AS b
            WHERE b.bytes_so_far - coalesce(octet_length(b.payload), 0) < $7
            ORDER BY b.turn, b.seq NULLS LAST
            """.replace("{after}", KEYS_AFTER_BASE).replace("{parked}", KEY_PARKED.replace("{e}", "b"));

    /**
     * The same for lanes that stand at one base, wholly read up to it: one range for all of them instead of one for each. Sorts all that it finds, so
     * it is for a base that is young. {@code found} tells whether anything was cut off.
     */
    private static final String READ_IN_STEP = """
            WITH {now},
            span AS MATERIALIZED (
                SELECT now.snapshot AS target, pg_snapshot_xmax(s.base) AS from_xid, pg_snapshot_xmax(now.snapshot) AS to_xid,
                       ARRAY(SELECT x FROM pg_snapshot_xip(s.base) AS x WHERE pg_visible_in_snapshot(x, now.snapshot)) AS ended
                FROM now CROSS JOIN LATERAL (SELECT $2::text::pg_snapshot AS base) AS s)
            SELECT now.snapshot::text AS snapshot, now.listed, e.*, e.seq IS NOT NULL AND {parked} AS key_parked
            FROM now LEFT JOIN (
                SELECT * FROM (
                    SELECT n.*, count(*) OVER () AS found, sum(octet_length(n.payload)) OVER (ORDER BY n.seq ROWS UNBOUNDED PRECEDING) AS bytes_so_far
                    FROM (SELECT a.lane, a.seq, a.xid::text AS xid, {content} FROM (
                              SELECT o.* FROM span AS s CROSS JOIN LATERAL (
                                  SELECT {columns} FROM {outbox} r
                                  WHERE {of_these_lanes} AND r.xid >= s.from_xid AND r.xid < s.to_xid
                                    AND pg_visible_in_snapshot(r.xid, s.target) OFFSET 0) AS o{ended}) AS a
                          ORDER BY a.seq LIMIT $3) AS n) AS m
                WHERE m.bytes_so_far - octet_length(m.payload) < $4) AS e ON true
            ORDER BY e.seq
            """.replace("{parked}", KEY_PARKED.replace("{e}", "e"));

    /** Of the transactions that the base saw running: left out when it saw none, for each scan of a partition costs as much as reading a few rows. */
    private static final String ENDED_IN_STEP = """

                              UNION ALL
                              SELECT o.* FROM span AS s CROSS JOIN LATERAL (
                                  SELECT {columns} FROM {outbox} r
                                  WHERE {of_these_lanes} AND r.xid = ANY (s.ended) OFFSET 0) AS o""";

    /** No condition for an index: of the one that begins with the lanes it would make a look for each of them, where that of transactions needs one. */
    private static final String OF_THESE_LANES = "(r.lane + 0::smallint) = ANY ($1::smallint[])";

    private static final String THESE =
            "(SELECT * FROM {outbox} r WHERE r.lane = f.lane AND r.xid = f.xid::xid8 AND r.seq = f.seq OFFSET 0)";

    private static final String READ_AGAIN = """
            SELECT b.*, {parked} AS key_parked
            FROM (SELECT o.lane, o.seq, {content}, f.turn, sum(octet_length(o.payload)) OVER (ORDER BY f.turn ROWS UNBOUNDED PRECEDING) AS bytes_so_far
                  FROM unnest($1::smallint[], $2::text[], $3::bigint[]) WITH ORDINALITY AS f(lane, xid, seq, turn)
                  CROSS JOIN LATERAL {these} AS o) AS b
            WHERE b.bytes_so_far - octet_length(b.payload) < $4
            ORDER BY b.turn
            """.replace("{parked}", KEY_PARKED.replace("{e}", "b"));

    private static final String PARK = """
            INSERT INTO outbox_parked (lane, seq, {content}, error)
            SELECT o.lane, o.seq, {content}, coalesce(nullif(f.refusal, ''), 'follows a parked event of its key')
            FROM unnest($1::smallint[], $2::text[], $3::bigint[], $4::text[]) AS f(lane, xid, seq, refusal)
            CROSS JOIN LATERAL {these} AS o
            WHERE f.refusal <> '' OR {parked}
            ORDER BY o.seq
            RETURNING seq
            """.replace("{parked}", KEY_PARKED.replace("{e}", "o"));

    /**
     * Where the lanes stand, as saved, and what lies behind: the rest of the batch that was begun, and all after it. Of what is settled beyond the
     * position every seq is one of the rows behind it, so that it counts by its number.
     */
    private static final String BEHIND = """
            WITH {now},
            position AS MATERIALIZED (
                SELECT l.lane, coalesce(c.base, '3:3:') AS base, c.target, coalesce(c.last, 0) AS last, coalesce(c.settled, '{}') AS settled
                FROM outbox_lane l LEFT JOIN LATERAL (
                    SELECT * FROM outbox_cursor o WHERE o.lane = l.lane ORDER BY o.epoch DESC, o.id DESC LIMIT 1) AS c ON true),
            batch AS (
                SELECT lane, base, target, last FROM position WHERE target IS NOT NULL
                UNION ALL
                SELECT p.lane, coalesce(p.target, p.base), now.snapshot, CASE WHEN p.target IS NULL THEN p.last ELSE 0 END FROM position p, now),
            span AS MATERIALIZED (
                SELECT lane, last, target, pg_snapshot_xmax(base) AS from_xid, pg_snapshot_xmax(target) AS to_xid,
                       ARRAY(SELECT x FROM pg_snapshot_xip(base) AS x WHERE pg_visible_in_snapshot(x, target)) AS ended
                FROM batch)
            """;

    /**
     * Of each span the first by id, give or take the transactions that ran at the same time. The two parts are ordered apart, each along the index:
     * together they would be sorted whole.
     */
    private static final String FIRST_OF_SPANS = """
            span l JOIN position s ON s.lane = l.lane CROSS JOIN LATERAL (
                 (SELECT o.occurred_at FROM {outbox} o
                  WHERE o.lane = l.lane AND o.xid >= l.from_xid AND o.xid < l.to_xid AND o.seq > l.last AND o.seq <> ALL (s.settled)
                    AND pg_visible_in_snapshot(o.xid, l.target)
                  ORDER BY o.xid, o.seq LIMIT 1)
                 UNION ALL
                 (SELECT o.occurred_at FROM {outbox} o
                  WHERE o.lane = l.lane AND o.xid = ANY (l.ended) AND o.seq > l.last AND o.seq <> ALL (s.settled)
                  ORDER BY o.xid, o.seq LIMIT 1)) AS first""";

    private static final String OLDEST_MILLIS =
            "(extract(epoch FROM clock_timestamp() - min(first.occurred_at)) * 1000)::bigint";

    private static final String SUMMARY = behind("""
            SELECT now.listed, settled.seqs AS settled, (SELECT paused FROM outbox_source) AS paused,
                   (SELECT count(*) FROM (SELECT FROM outbox_parked LIMIT $1) AS counted) AS parked,
                   (SELECT count(*) FROM (
                        SELECT FROM span l CROSS JOIN LATERAL ({after} OFFSET 0) AS e LIMIT $1 + settled.seqs) AS counted) - settled.seqs AS backlog,
                   coalesce(waiting.lanes, '{}') AS waiting_lanes, coalesce(waiting.millis, '{}') AS waiting_millis
            FROM now, (SELECT coalesce(sum(cardinality(settled)), 0)::bigint AS seqs FROM position) AS settled,
                 (SELECT array_agg(w.lane) AS lanes, array_agg(w.millis) AS millis
                  FROM (SELECT l.lane, {oldest} AS millis FROM {first} GROUP BY l.lane) AS w) AS waiting
            """);

    private static final String LANES = behind("""
            SELECT now.listed, n.lane, CASE WHEN n.expires_at > clock_timestamp() THEN n.owner END AS owner,
                   (SELECT count(*) FROM (
                        SELECT FROM span l CROSS JOIN LATERAL ({after} OFFSET 0) AS e
                        WHERE l.lane = n.lane LIMIT $1 + cardinality(p.settled)) AS counted) - cardinality(p.settled) AS backlog,
                   (SELECT {oldest} FROM {first} WHERE l.lane = n.lane) AS oldest_millis
            FROM now, outbox_lane n JOIN position p ON p.lane = n.lane ORDER BY n.lane
            """);

    private final String names;
    private final String outbox;
    private final String keys;
    private final String found;

    final String read;
    private final String readInStep;
    private final String readInStepNoneRan;
    final String readAgain;
    final String park;
    final String summary;
    final String lanes;

    OutboxStatements(List<String> partitions) {
        if (partitions.isEmpty()) {
            throw new IllegalStateException("outbox_partition lists no partition to read");
        }
        this.names = String.join(",", partitions).replace("'", "''");
        this.outbox = union(partitions, (part, name) -> "SELECT %s FROM %s".formatted(COLUMNS, name));
        this.keys =
                union(partitions, (part, name) -> "SELECT %d AS part, lane, xid, seq FROM %s".formatted(part, name));
        // Null in all partitions but that of the key, which ends a look before it has begun.
        this.found = union(
                partitions,
                (part, name) ->
                        "SELECT %s FROM %s WHERE lane = CASE WHEN n.part = %d THEN l.lane END AND xid = n.xid AND seq = n.seq"
                                .formatted(EventRow.CONTENT, name, part));
        this.read = over(READ);
        this.readInStep = over(READ_IN_STEP.replace("{ended}", ENDED_IN_STEP));
        this.readInStepNoneRan = over(READ_IN_STEP.replace("{ended}", ""));
        this.readAgain = over(READ_AGAIN);
        this.park = over(PARK);
        this.summary = over(SUMMARY);
        this.lanes = over(LANES);
    }

    String readInStep(Snapshot base) {
        return base.sawAnyRunning() ? readInStep : readInStepNoneRan;
    }

    private static String behind(String statement) {
        return (BEHIND + statement)
                .replace("{after}", AFTER_BASE)
                .replace("{oldest}", OLDEST_MILLIS)
                .replace("{first}", FIRST_OF_SPANS);
    }

    private static String union(List<String> partitions, BiFunction<Integer, String, String> select) {
        return IntStream.range(0, partitions.size())
                .mapToObj(part -> select.apply(part, "\"" + partitions.get(part).replace("\"", "\"\"") + "\""))
                .collect(Collectors.joining(" UNION ALL ", "(", ")"));
    }

    private String over(String statement) {
        return statement
                .replace("{now}", NOW)
                .replace("{these}", THESE)
                .replace("{of_these_lanes}", OF_THESE_LANES)
                .replace("{names}", names)
                .replace("{columns}", COLUMNS)
                .replace("{content}", EventRow.CONTENT)
                .replace("{keys}", keys)
                .replace("{found}", found)
                .replace("{outbox}", outbox);
    }
}
