package dev.carillon.kit.outbox;

import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;

/**
 * A day of the outbox, as {@code outbox_partition} lists it and as PostgreSQL has it.
 *
 * @param noted the snapshot of when nothing could write to it any more is there
 * @param inherited the outbox has it still as its partition
 * @param pending a detach was begun and not finished
 */
record Partition(
        String name, Instant from, Instant to, State state, boolean noted, boolean inherited, boolean pending) {
    static final String LIST = """
            SELECT p.name, p.from_at, p.to_at, p.state, p.retired_at IS NOT NULL AS noted,
                   i.inhrelid IS NOT NULL AS inherited, coalesce(i.inhdetachpending, false) AS pending
            FROM outbox_partition p
            LEFT JOIN pg_inherits i ON i.inhrelid = to_regclass(p.name) AND i.inhparent = 'outbox_event'::regclass
            ORDER BY p.from_at
            """;

    /**
     * <pre>
     *   attached ── two days old ──▶ retiring: detached, then noted, then read to its end by every lane ──▶ drained ──▶ (dropped)
     *       ▲                            │
     *       └── the clock was set back ──┘
     * </pre>
     */
    enum State {
        ATTACHED,
        RETIRING,
        DRAINED
    }

    static Partition of(Row row) {
        return new Partition(
                row.getString("name"),
                row.getOffsetDateTime("from_at").toInstant(),
                row.getOffsetDateTime("to_at").toInstant(),
                switch (row.getString("state")) {
                    case "attached" -> State.ATTACHED;
                    case "retiring" -> State.RETIRING;
                    case "drained" -> State.DRAINED;
                    case String other -> throw new IllegalStateException("a partition is " + other);
                },
                row.getBoolean("noted"),
                row.getBoolean("inherited"),
                row.getBoolean("pending"));
    }
}
