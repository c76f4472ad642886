package dev.carillon.booking.reservation.store;

import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * What is kept of customers, whom the tenant's own ids name. A booking whose customer is erased has an empty name, which none that is made has.
 */
@ApplicationScoped
public class CustomerStore {
    // As BookingStore locks: in the order of ids, and nothing is joined.
    private static final String LOCK_NAMED = """
            SELECT id FROM booking WHERE tenant = $1 AND customer_id = $2 AND customer_name <> ''
            ORDER BY id LIMIT $3 FOR UPDATE
            """;
    private static final String ACTIVE = """
            SELECT b.id FROM booking b JOIN slot s ON s.id = b.slot_id
            WHERE b.tenant = $1 AND b.customer_id = $2 AND (b.status IN ('proposed', 'pending') OR b.status <> 'cancelled' AND s.end_at > $3)
            ORDER BY b.id LIMIT $4
            """;
    private static final String ERASE = """
            UPDATE booking SET customer_name = '', customer_email = NULL, customer_chat_id = NULL, customer_zone = NULL,
                   customer_language = NULL, revision = revision + 1, version = version + 1
            WHERE id = ANY($1::uuid[])
            """;
    // What a provider said of an address mostly quotes it.
    private static final String ERASE_ERRORS =
            "UPDATE booking_message SET error = NULL WHERE booking_id = ANY($1::uuid[]) AND error IS NOT NULL";
    private static final String COUNT = """
            SELECT count(*) FILTER (WHERE customer_name <> '') AS named, count(*) FILTER (WHERE customer_name = '') AS erased,
                   (SELECT count(*) FROM waitlist_entry WHERE tenant = $1 AND customer_id = $2) AS entries,
                   (SELECT count(*) FROM waitlist_entry WHERE tenant = $1 AND customer_id = $2 AND customer_name <> '') AS named_entries
            FROM booking WHERE tenant = $1 AND customer_id = $2
            """;

    /**
     * What is kept of a customer.
     *
     * @param named how many bookings and entries of waitlists have personal data
     * @param erased how many bookings have none any more
     * @param entries how many entries there are, with personal data or without
     */
    public record Count(long named, long erased, long entries) {
        public boolean isEmpty() {
            return named + erased + entries == 0;
        }
    }

    /** At most {@code limit} bookings that have personal data, locked until the transaction ends. */
    public Uni<List<UUID>> lockNamed(Tx tx, String tenant, String customer, int limit) {
        return tx.list(LOCK_NAMED, Tuple.of(tenant, customer, limit), row -> row.getUUID("id"));
    }

    /** At most {@code limit} bookings that are neither cancelled nor over. */
    public Uni<List<UUID>> active(Tx tx, String tenant, String customer, Instant now, int limit) {
        return tx.list(
                ACTIVE, Tuple.of(tenant, customer, now.atOffset(ZoneOffset.UTC), limit), row -> row.getUUID("id"));
    }

    /** Takes the personal data out of them, as a change of each. The rows must be locked by this transaction. */
    public Uni<Void> erase(Tx tx, Collection<UUID> bookings) {
        var ids = Tuple.of(bookings.toArray(UUID[]::new));
        return tx.run(ERASE, ids).chain(() -> tx.run(ERASE_ERRORS, ids)).replaceWithVoid();
    }

    public Uni<Count> count(Tx tx, String tenant, String customer) {
        return tx.list(COUNT, Tuple.of(tenant, customer), CustomerStore::read).map(List::getFirst);
    }

    private static Count read(Row row) {
        return new Count(
                row.getLong("named") + row.getLong("named_entries"), row.getLong("erased"), row.getLong("entries"));
    }
}
