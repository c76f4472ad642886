package dev.carillon.booking.reservation.store;

import dev.carillon.booking.availability.Slot;
import dev.carillon.booking.reservation.CustomerReference;
import dev.carillon.booking.reservation.WaitlistEntry;
import dev.carillon.booking.reservation.WaitlistStatus;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.tx.Columns;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Waitlists in PostgreSQL. Rows of entries are locked after those of bookings and slots; who waits is found by skipping what others have locked, so
 * that nobody who has a slot locked ever waits for an entry.
 */
@ApplicationScoped
public class WaitlistStore {
    private static final String INSERT = """
            INSERT INTO waitlist_entry (id, tenant, resource_id, slot_id, places, status, version, customer_id, customer_name, customer_email,
                                        customer_chat_id, customer_zone, customer_language, created_at, traceparent, tracestate)
            SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::int[], $6::text[], $7::bigint[], $8::text[], $9::text[],
                                 $10::text[], $11::text[], $12::text[], $13::text[], $14::timestamptz[], $15::text[], $16::text[])
            """;
    // Each by the primary key, by which a join alone does not go for sure: plans are made while the table may be empty.
    private static final String SAVE = """
            UPDATE waitlist_entry e SET status = n.status, cancellation_reason = n.reason, booking_id = n.booking_id, version = n.version,
                   ended_at = n.ended_at
            FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::bigint[], $6::timestamptz[])
                 AS n (id, status, reason, booking_id, version, ended_at)
            WHERE e.id = n.id AND e.id = ANY($1::uuid[])
            """;
    private static final String FIND = "SELECT * FROM waitlist_entry WHERE id = $1 AND tenant = $2";
    private static final String LOCK = FIND + " FOR UPDATE";
    private static final String LOCK_OF_OFFERS =
            "SELECT * FROM waitlist_entry WHERE booking_id = ANY($1::uuid[]) ORDER BY id FOR UPDATE";
    // Which of these slots somebody waits for whose places would fit.
    private static final String AWAITED = """
            SELECT s.id FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS s (id, resource_id, available)
            WHERE EXISTS (SELECT FROM waitlist_entry e
                          WHERE e.slot_id = s.id AND e.status = 'waitlist' AND e.places <= s.available)
               OR EXISTS (SELECT FROM waitlist_entry e
                          WHERE e.resource_id = s.resource_id AND e.slot_id IS NULL AND e.status = 'waitlist' AND e.places <= s.available)
            """;
    private static final String LOCK_WAITING = """
            SELECT * FROM waitlist_entry WHERE status = 'waitlist' AND id IN (
                (SELECT id FROM waitlist_entry
                 WHERE slot_id = $1 AND status = 'waitlist' AND places <= $3 AND id <> ALL($5::uuid[]) ORDER BY id LIMIT $4)
                UNION ALL
                (SELECT id FROM waitlist_entry
                 WHERE resource_id = $2 AND slot_id IS NULL AND status = 'waitlist' AND places <= $3 AND id <> ALL($5::uuid[])
                 ORDER BY id LIMIT $4))
            ORDER BY id LIMIT $4 FOR UPDATE SKIP LOCKED
            """;
    // What is free although somebody waits for it: a capacity was raised, a slot was opened, or who was to be offered
    // it was locked.
    private static final String FREE = """
            WITH wanted AS (
                SELECT resource_id, slot_id, min(places) AS places FROM waitlist_entry
                WHERE status = 'waitlist' AND ($1::uuid IS NULL OR resource_id = $1)
                GROUP BY resource_id, slot_id)
            SELECT s.id FROM wanted w JOIN slot s ON s.id = w.slot_id JOIN resource r ON r.id = s.resource_id
            WHERE s.status = 'open' AND s.start_at > $2 AND s.start_at >= $2 + r.lead_time::interval AND s.capacity - s.booked >= w.places
            UNION
            SELECT f.id FROM wanted w JOIN resource r ON r.id = w.resource_id CROSS JOIN LATERAL (
                SELECT s.id FROM slot s
                WHERE s.resource_id = w.resource_id AND s.start_at > $2 AND s.start_at >= $2 + r.lead_time::interval
                  AND s.status = 'open' AND s.capacity - s.booked >= w.places
                ORDER BY s.start_at LIMIT 10) f
            WHERE w.slot_id IS NULL
            LIMIT $3
            """;
    private static final String LOCK_BEGUN = """
            SELECT e.* FROM waitlist_entry e JOIN slot s ON s.id = e.slot_id
            WHERE e.status = 'waitlist' AND s.start_at <= $1 LIMIT $2 FOR UPDATE OF e SKIP LOCKED
            """;
    private static final String LEAVE = """
            UPDATE waitlist_entry SET customer_name = '', customer_email = NULL, customer_chat_id = NULL, customer_zone = NULL,
                   customer_language = NULL, version = version + 1, status = 'cancelled', cancellation_reason = 'left', ended_at = $5
            WHERE id IN %s AND status = 'waitlist'
            RETURNING *
            """.formatted(CustomerColumns.idsOf("waitlist_entry"));
    private static final String ERASE_ENDED = """
            UPDATE waitlist_entry SET customer_name = '', customer_email = NULL, customer_chat_id = NULL, customer_zone = NULL,
                   customer_language = NULL, version = version + 1
            WHERE id IN %s AND customer_name <> '' AND status IN ('booked', 'cancelled')
            RETURNING *
            """.formatted(CustomerColumns.idsOf("waitlist_entry"));
    private static final String OF_CUSTOMER = """
            SELECT * FROM waitlist_entry WHERE id IN %s AND ($5::uuid IS NULL OR id < $5) ORDER BY id DESC LIMIT $6
            """.formatted(CustomerColumns.idsOf("waitlist_entry"));

    /**
     * Which entries are listed, newest first.
     *
     * @param before only those that joined before the entry of this id
     */
    public record WaitlistFilter(
            String tenant,
            @Nullable String status,
            @Nullable UUID resourceId,
            @Nullable UUID slotId,
            @Nullable String customerId,
            @Nullable UUID bookingId,
            @Nullable UUID before,
            int limit) {}

    private final Transactions transactions;

    public WaitlistStore(Transactions transactions) {
        this.transactions = transactions;
    }

    public Uni<Void> insert(Tx tx, List<TracedEntry> entries) {
        var own = Columns.<TracedEntry>of(entries)
                .uuids(TracedEntry::id)
                .texts(e -> e.entry().tenant())
                .uuids(e -> e.entry().resourceId())
                .uuids(e -> e.entry().slotId())
                .integers(e -> e.entry().places())
                .texts(e -> e.entry().status().wireName())
                .longs(e -> e.entry().version());
        var columns = CustomerColumns.add(own, e -> e.entry().customer())
                .instants(e -> e.entry().createdAt())
                .texts(e -> e.trace().traceparent())
                .texts(e -> e.trace().tracestate());
        return tx.run(INSERT, columns.tuple()).replaceWithVoid();
    }

    /** Writes what can change. The rows must be locked by this transaction. */
    public Uni<Void> save(Tx tx, List<WaitlistEntry> entries) {
        if (entries.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var columns = Columns.of(entries)
                .uuids(WaitlistEntry::id)
                .texts(e -> e.status().wireName())
                .texts(WaitlistEntry::cancellationReason)
                .uuids(WaitlistEntry::bookingId)
                .longs(WaitlistEntry::version)
                .instants(WaitlistEntry::endedAt);
        return tx.run(SAVE, columns.tuple()).replaceWithVoid();
    }

    public Uni<Optional<TracedEntry>> find(String tenant, UUID id) {
        return transactions
                .list(FIND, Tuple.of(id, tenant), WaitlistStore::read)
                .map(found -> found.stream().findFirst());
    }

    /** Locked until the transaction ends. */
    public Uni<Optional<TracedEntry>> lock(Tx tx, String tenant, UUID id) {
        return tx.list(LOCK, Tuple.of(id, tenant), WaitlistStore::read)
                .map(found -> found.stream().findFirst());
    }

    /** The entries that were offered these bookings, locked until the transaction ends; the bookings must be locked by it. */
    public Uni<List<TracedEntry>> lockOfOffers(Tx tx, Collection<UUID> bookings) {
        return bookings.isEmpty()
                ? Uni.createFrom().item(List.of())
                : tx.list(LOCK_OF_OFFERS, Tuple.of(bookings.toArray(UUID[]::new)), WaitlistStore::read);
    }

    /** Which of these slots somebody waits for whose places would fit. */
    public Uni<Set<UUID>> awaited(Tx tx, Collection<Slot> slots) {
        var columns = Columns.of(List.copyOf(slots))
                .uuids(Slot::id)
                .uuids(Slot::resourceId)
                .integers(Slot::available);
        return tx.list(AWAITED, columns.tuple(), row -> row.getUUID("id")).map(Set::copyOf);
    }

    /**
     * Who waits for this slot and would fit, in the order in which they joined, locked; who is locked by others is passed over.
     *
     * @param served who is passed over, too
     */
    public Uni<List<TracedEntry>> lockWaiting(Tx tx, Slot slot, int limit, Collection<UUID> served) {
        return tx.list(
                LOCK_WAITING,
                Tuple.of(
                        slot.id(),
                        slot.resourceId(),
                        slot.available(),
                        Math.min(limit, slot.available()),
                        served.toArray(UUID[]::new)),
                WaitlistStore::read);
    }

    /**
     * Some of the slots that have places for somebody who waits.
     *
     * @param resource only its slots; null for all
     */
    public Uni<List<UUID>> free(@Nullable UUID resource, Instant now, int limit) {
        return transactions.list(
                FREE, Tuple.of(resource, now.atOffset(ZoneOffset.UTC), limit), row -> row.getUUID("id"));
    }

    /** Some of those who wait for a slot that has begun, locked. */
    public Uni<List<TracedEntry>> lockBegun(Tx tx, Instant now, int limit) {
        return tx.list(LOCK_BEGUN, Tuple.of(now.atOffset(ZoneOffset.UTC), limit), WaitlistStore::read);
    }

    /** Takes a customer who waits off the lists, and their personal data out of those entries. */
    public Uni<List<TracedEntry>> leaveAndErase(Tx tx, String tenant, CustomerReference customer, Instant now) {
        return tx.list(
                LEAVE,
                CustomerColumns.parameters(tenant, customer).addOffsetDateTime(now.atOffset(ZoneOffset.UTC)),
                WaitlistStore::read);
    }

    /** Takes a customer's personal data out of their entries that have ended; what is offered is left as it is. */
    public Uni<List<TracedEntry>> eraseEnded(Tx tx, String tenant, CustomerReference customer) {
        return tx.list(ERASE_ENDED, CustomerColumns.parameters(tenant, customer), WaitlistStore::read);
    }

    /** A customer's entries, newest first; those that joined before the entry or booking {@code before}, if that is not null. */
    public Uni<List<TracedEntry>> ofCustomer(
            String tenant, CustomerReference customer, @Nullable UUID before, int limit) {
        return transactions.list(
                OF_CUSTOMER,
                CustomerColumns.parameters(tenant, customer).addUUID(before).addInteger(limit),
                WaitlistStore::read);
    }

    public Uni<List<TracedEntry>> list(WaitlistFilter filter) {
        var parameters = Tuple.tuple();
        var conditions = new ArrayList<String>();
        condition(conditions, parameters, "tenant = ", filter.tenant());
        condition(conditions, parameters, "status = ", filter.status());
        condition(conditions, parameters, "resource_id = ", filter.resourceId());
        condition(conditions, parameters, "slot_id = ", filter.slotId());
        condition(conditions, parameters, "customer_id = ", filter.customerId());
        condition(conditions, parameters, "booking_id = ", filter.bookingId());
        condition(conditions, parameters, "id < ", filter.before());
        parameters.addInteger(filter.limit());
        return transactions.list(
                "SELECT * FROM waitlist_entry WHERE " + String.join(" AND ", conditions) + " ORDER BY id DESC LIMIT $"
                        + parameters.size(),
                parameters,
                WaitlistStore::read);
    }

    private static void condition(List<String> conditions, Tuple parameters, String condition, @Nullable Object value) {
        if (value != null) {
            parameters.addValue(value);
            conditions.add(condition + "$" + parameters.size());
        }
    }

    private static TracedEntry read(Row row) {
        var ended = row.getOffsetDateTime("ended_at");
        var entry = new WaitlistEntry(
                row.getUUID("id"),
                row.getString("tenant"),
                row.getUUID("resource_id"),
                row.getUUID("slot_id"),
                row.getInteger("places"),
                CustomerColumns.read(row),
                WaitlistStatus.of(row.getString("status")),
                row.getString("cancellation_reason"),
                row.getUUID("booking_id"),
                row.getLong("version"),
                row.getOffsetDateTime("created_at").toInstant(),
                ended == null ? null : ended.toInstant());
        return new TracedEntry(entry, new TraceContext(row.getString("traceparent"), row.getString("tracestate")));
    }
}
