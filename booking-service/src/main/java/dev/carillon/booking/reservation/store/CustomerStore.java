package dev.carillon.booking.reservation.store;

import dev.carillon.booking.reservation.CustomerReference;
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
 * What is kept of customers. A booking whose customer is erased has an empty name, which none that is made has.
 */
@ApplicationScoped
public class CustomerStore {
    // As BookingStore locks: in the order of ids, and nothing is joined.
    private static final String LOCK_NAMED = """
            SELECT id FROM booking WHERE id IN %s AND customer_name <> ''
            ORDER BY id LIMIT $5 FOR UPDATE
            """.formatted(CustomerColumns.idsOf("booking"));
    private static final String ACTIVE = """
            SELECT b.id FROM booking b JOIN slot s ON s.id = b.slot_id
            WHERE b.id IN %s AND (b.status IN ('proposed', 'pending') OR b.status <> 'cancelled' AND s.end_at > $5)
            ORDER BY b.id LIMIT $6
            """.formatted(CustomerColumns.idsOf("booking"));
    private static final String ERASE = """
            UPDATE booking SET customer_name = '', customer_email = NULL, customer_chat_id = NULL, customer_zone = NULL,
                   customer_language = NULL, revision = revision + 1, version = version + 1
            WHERE id = ANY($1::uuid[])
            """;
    // What a provider said of an address mostly quotes it.
    private static final String ERASE_ERRORS =
            "UPDATE booking_message SET error = NULL WHERE booking_id = ANY($1::uuid[]) AND error IS NOT NULL";
    private static final String COUNT =
            """
            SELECT b.bookings, b.named, e.entries, e.named_entries
            FROM (SELECT count(*) AS bookings, count(*) FILTER (WHERE customer_name <> '') AS named FROM booking WHERE id IN %s) b,
                 (SELECT count(*) AS entries, count(*) FILTER (WHERE customer_name <> '') AS named_entries
                  FROM waitlist_entry WHERE id IN %s) e
            """.formatted(CustomerColumns.idsOf("booking"), CustomerColumns.idsOf("waitlist_entry"));

    /**
     * What is kept of a customer. What is found by an address or a chat is found no longer once it is erased.
     *
     * @param bookings how many there are, with personal data or without
     * @param entries how many entries of waitlists, likewise
     * @param namedBookings how many of the bookings have personal data
     * @param namedEntries how many of the entries
     */
    public record Count(long bookings, long entries, long namedBookings, long namedEntries) {
        public boolean isEmpty() {
            return bookings + entries == 0;
        }

        public boolean isErased() {
            return namedBookings + namedEntries == 0;
        }

        public long erasedBookings() {
            return bookings - namedBookings;
        }
    }

    /** At most {@code limit} bookings that have personal data, locked until the transaction ends. */
    public Uni<List<UUID>> lockNamed(Tx tx, String tenant, CustomerReference customer, int limit) {
        return tx.list(
                LOCK_NAMED, CustomerColumns.parameters(tenant, customer).addInteger(limit), row -> row.getUUID("id"));
    }

    /** At most {@code limit} bookings that are neither cancelled nor over. */
    public Uni<List<UUID>> active(Tx tx, String tenant, CustomerReference customer, Instant now, int limit) {
        return tx.list(
                ACTIVE,
                CustomerColumns.parameters(tenant, customer)
                        .addOffsetDateTime(now.atOffset(ZoneOffset.UTC))
                        .addInteger(limit),
                row -> row.getUUID("id"));
    }

    /** Takes the personal data out of them, as a change of each. The rows must be locked by this transaction. */
    public Uni<Void> erase(Tx tx, Collection<UUID> bookings) {
        var ids = Tuple.of(bookings.toArray(UUID[]::new));
        return tx.run(ERASE, ids).chain(() -> tx.run(ERASE_ERRORS, ids)).replaceWithVoid();
    }

    public Uni<Count> count(Tx tx, String tenant, CustomerReference customer) {
        return tx.list(COUNT, CustomerColumns.parameters(tenant, customer), CustomerStore::read)
                .map(List::getFirst);
    }

    private static Count read(Row row) {
        return new Count(
                row.getLong("bookings"), row.getLong("entries"), row.getLong("named"), row.getLong("named_entries"));
    }
}
