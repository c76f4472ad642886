package dev.carillon.benchmarks.relay;

import java.util.Map;

/**
 * What the outbox takes, as the statistics tell it.
 *
 * @param events KiB of the events' partitions, which stay until they are dropped a day later
 * @param eventIndexes KiB of their indexes
 * @param others KiB of all else that the relay writes, with its indexes: this must not grow
 */
record TableSizes(long events, long eventIndexes, long others, long deadRows) {
    private static final String EVENTS =
            "SELECT coalesce(sum(%s(relid)), 0) / 1024 FROM pg_stat_user_tables WHERE relname LIKE 'outbox_event%%'";
    private static final String OTHERS =
            "SELECT coalesce(sum(pg_total_relation_size(relid)), 0) / 1024 FROM pg_stat_user_tables"
                    + " WHERE relname LIKE 'outbox%' AND relname NOT LIKE 'outbox_event%'";
    private static final String DEAD = "SELECT coalesce(sum(n_dead_tup), 0) FROM pg_stat_user_tables";

    static TableSizes now(Source source) {
        // What the servers report of themselves reaches their statistics up to a second late.
        source.execute("SELECT pg_sleep(1.2)");
        source.execute("SELECT pg_stat_clear_snapshot()");
        return new TableSizes(
                source.ask(EVENTS.formatted("pg_table_size")),
                source.ask(EVENTS.formatted("pg_indexes_size")),
                source.ask(OTHERS),
                source.ask(DEAD));
    }

    void addTo(Map<String, Object> row, TableSizes end) {
        row.put("events KiB", end.events);
        row.put("their indexes KiB", end.eventIndexes);
        row.put("other tables KiB: start", others);
        row.put("other: end", end.others);
        row.put("dead rows: start", deadRows);
        row.put("dead: end", end.deadRows);
    }
}
