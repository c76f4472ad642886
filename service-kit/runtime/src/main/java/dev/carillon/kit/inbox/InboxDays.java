package dev.carillon.kit.inbox;

import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The inbox's partitions, one for each day. Making one locks nobody out: it is made beside the inbox and attached. Nor does dropping one: it is
 * detached concurrently first. What was left half done, here or by another instance that died, is finished the next time.
 */
final class InboxDays {
    private static final Logger LOG = Logger.getLogger(InboxDays.class);
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("'inbox_'yyyyMMdd");

    private static final String ONE_AT_A_TIME =
            "SELECT pg_advisory_xact_lock(hashtextextended('carillon.inbox.days', 0))";
    private static final String TODAY = "SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date";
    private static final String PARTITIONS = """
            SELECT c.relname, i.inhdetachpending, substring(b.bounds from 'FROM \\(''([0-9a-f-]+)''\\)')::uuid AS from_id,
                   substring(b.bounds from 'TO \\(''([0-9a-f-]+)''\\)')::uuid AS to_id
            FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid, LATERAL pg_get_expr(c.relpartbound, c.oid) AS b (bounds)
            WHERE i.inhparent = 'inbox'::regclass ORDER BY to_id
            """;
    private static final String DETACHED = """
            SELECT relname FROM pg_class c
            WHERE relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'inbox'::regclass) AND relkind = 'r'
              AND relname ~ '^inbox_(before|[0-9]{8})$' AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid)
            """;

    private record Partition(
            String name, boolean leaving, @Nullable UUID from, UUID to) {
        static Partition of(Row row) {
            return new Partition(
                    row.getString("relname"),
                    row.getBoolean("inhdetachpending"),
                    row.getUUID("from_id"),
                    row.getUUID("to_id"));
        }
    }

    private final Transactions transactions;

    InboxDays(Transactions transactions) {
        this.transactions = transactions;
    }

    /** The database's own day. */
    Uni<LocalDate> today() {
        return transactions
                .list(TODAY, Tuple.tuple(), row -> row.getLocalDate(0))
                .map(List::getFirst);
    }

    Uni<Remembered> remembered() {
        return transactions.list(PARTITIONS, Tuple.tuple(), Partition::of).map(InboxDays::span);
    }

    private static Remembered span(List<Partition> all) {
        var there = all.stream().filter(one -> !one.leaving).toList();
        return there.isEmpty()
                ? new Remembered(new UUID(-1, -1), new UUID(0, 0))
                : new Remembered(there.getFirst().from, there.getLast().to);
    }

    /** Makes what is missing after the newest day there is, from {@code first} on, until {@code last}. */
    Uni<Void> make(LocalDate first, LocalDate last) {
        return transactions.inTransaction(tx -> tx.run(ONE_AT_A_TIME, Tuple.tuple())
                .chain(() -> tx.list(PARTITIONS, Tuple.tuple(), Partition::of))
                .chain(there -> make(tx, missing(span(there), first, last))));
    }

    private static List<LocalDate> missing(Remembered there, LocalDate first, LocalDate last) {
        var after = Remembered.dayOf(there.to());
        var from = after.isAfter(first) ? after : first;
        return from.isAfter(last)
                ? List.of()
                : from.datesUntil(last.plusDays(1)).toList();
    }

    private static Uni<Void> make(Tx tx, List<LocalDate> days) {
        Uni<Void> made = Uni.createFrom().voidItem();
        for (var day : days) {
            var name = NAME.format(day);
            made = made.chain(() -> tx.run("CREATE TABLE %s (LIKE inbox INCLUDING ALL)".formatted(name), Tuple.tuple()))
                    .chain(() -> tx.run(
                            "ALTER TABLE inbox ATTACH PARTITION %s FOR VALUES FROM ('%s') TO ('%s')"
                                    .formatted(name, Remembered.firstOf(day), Remembered.firstOf(day.plusDays(1))),
                            Tuple.tuple()))
                    .replaceWithVoid();
        }
        return made;
    }

    /** Drops the partitions that end before {@code day}; one that cannot be dropped now is left for the next time. */
    Uni<Void> dropBefore(LocalDate day) {
        var end = Remembered.firstOf(day);
        return transactions
                .list(PARTITIONS, Tuple.tuple(), Partition::of)
                .chain(all -> Multi.createFrom()
                        .items(all.stream().filter(one -> one.leaving || !isAfter(one.to, end)))
                        .onItem()
                        .transformToUniAndConcatenate(this::detach)
                        .collect()
                        .last())
                .chain(() -> transactions.list(DETACHED, Tuple.tuple(), row -> row.getString(0)))
                .chain(detached -> Multi.createFrom()
                        .iterable(detached)
                        .onItem()
                        .transformToUniAndConcatenate(name -> statement("DROP TABLE IF EXISTS " + name))
                        .collect()
                        .last())
                .replaceWithVoid();
    }

    private static boolean isAfter(UUID one, UUID other) {
        return Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits()) > 0;
    }

    private Uni<Void> detach(Partition partition) {
        LOG.infof("The inbox forgets %s", partition.name);
        return statement("ALTER TABLE inbox DETACH PARTITION %s %s"
                .formatted(partition.name, partition.leaving ? "FINALIZE" : "CONCURRENTLY"));
    }

    /** On its own: a concurrent detach takes no transaction around it. Another instance may have been faster. */
    private Uni<Void> statement(String sql) {
        return transactions
                .list(sql, Tuple.tuple(), row -> row)
                .replaceWithVoid()
                .onFailure()
                .invoke(failure -> LOG.warnf("%s: left for the next time: %s", sql, failure.getMessage()))
                .onFailure()
                .recoverWithNull();
    }
}
