package dev.carillon.booking.reservation.store;

import dev.carillon.booking.reservation.LimitedCustomer;
import dev.carillon.kit.tx.Columns;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * How many bookings customers have ahead, where that is limited.
 *
 * <p>Two that book for one customer of one resource wait for each other here, so that the second counts what the first has made. A transaction takes
 * these locks in the order of their numbers, after the row of a booking that it changes, if any, and before the rows of slots. Nobody who has one of
 * them asks for a booking's row, and nobody who has a slot's asks for one of them: no circle of waiting can come about.
 */
@ApplicationScoped
public class LimitedCustomers {
    // A customer is locked by a number, for want of a row; two of one number merely wait for each other.
    private static final String NUMBER =
            "hashtextextended(concat_ws(E'\\n', 'carillon.booking.customer', tenant, resource_id, identity), 0)";
    private static final String LOCK = """
            SELECT pg_advisory_xact_lock(k.number) FROM (
                SELECT DISTINCT %s AS number
                FROM unnest($1::text[], $2::uuid[], $3::text[]) AS c (tenant, resource_id, identity)
                ORDER BY number) k
            """.formatted(NUMBER);
    private static final String LOCK_FREE = """
            SELECT n FROM unnest($1::text[], $2::uuid[], $3::text[]) WITH ORDINALITY AS c (tenant, resource_id, identity, n)
            WHERE NOT pg_try_advisory_xact_lock(%s)
            """.formatted(NUMBER);
    private static final String COUNT = """
            SELECT c.n, (
                SELECT count(*)::int FROM booking b JOIN slot s ON s.id = b.slot_id
                WHERE b.tenant = c.tenant
                  AND coalesce('id:' || b.customer_id, 'email:' || lower(b.customer_email COLLATE "C"), 'telegram:' || b.customer_chat_id)
                      COLLATE "C" = c.identity
                  AND b.status IN ('pending', 'booked', 'arrived', 'checked-in')
                  AND s.resource_id = c.resource_id AND s.start_at > $4) AS ahead
            FROM unnest($1::text[], $2::uuid[], $3::text[]) WITH ORDINALITY AS c (tenant, resource_id, identity, n)
            """;

    /**
     * Lets nobody else book for these until the transaction ends, and counts their bookings that stand and are ahead.
     *
     * @param now asked once they are locked
     */
    public Uni<Map<LimitedCustomer, Integer>> lockAndCount(
            Tx tx, Collection<LimitedCustomer> customers, Supplier<Instant> now) {
        var distinct = customers.stream().distinct().toList();
        return distinct.isEmpty()
                ? Uni.createFrom().item(Map.of())
                : lock(tx, distinct).chain(() -> count(tx, distinct, now.get()));
    }

    /** Locks those that nobody else has locked until the transaction ends, waiting for nobody, and gives the others. */
    public Uni<Set<LimitedCustomer>> lockFree(Tx tx, Collection<LimitedCustomer> customers) {
        var distinct = customers.stream().distinct().toList();
        return distinct.isEmpty()
                ? Uni.createFrom().item(Set.of())
                : tx.list(
                                LOCK_FREE,
                                columns(distinct).tuple(),
                                row -> distinct.get(row.getLong("n").intValue() - 1))
                        .map(Set::copyOf);
    }

    Uni<Void> lock(Tx tx, List<LimitedCustomer> customers) {
        return tx.run(LOCK, columns(customers).tuple()).replaceWithVoid();
    }

    /** A statement of its own: it sees what was committed while the locks were waited for. */
    private static Uni<Map<LimitedCustomer, Integer>> count(Tx tx, List<LimitedCustomer> customers, Instant now) {
        return tx.run(
                        COUNT,
                        columns(customers).and(now.atOffset(ZoneOffset.UTC)).tuple())
                .map(rows -> {
                    var ahead = new HashMap<LimitedCustomer, Integer>();
                    rows.forEach(
                            row -> ahead.put(customers.get(row.getLong("n").intValue() - 1), row.getInteger("ahead")));
                    return ahead;
                });
    }

    private static Columns<LimitedCustomer> columns(List<LimitedCustomer> customers) {
        return Columns.<LimitedCustomer>of(customers)
                .texts(LimitedCustomer::tenant)
                .uuids(LimitedCustomer::resourceId)
                .texts(LimitedCustomer::identity);
    }
}
