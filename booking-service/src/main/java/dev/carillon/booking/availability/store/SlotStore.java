package dev.carillon.booking.availability.store;

import dev.carillon.booking.availability.Slot;
import dev.carillon.booking.availability.SlotStatus;
import dev.carillon.kit.tx.Columns;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Slots in PostgreSQL. */
@ApplicationScoped
public class SlotStore {
    private static final String INSERT = """
            INSERT INTO slot (id, tenant, resource_id, start_at, end_at, local_start, capacity, generated, own_capacity)
            SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[], $5::timestamptz[], $6::timestamp[], $7::int[],
                                 $8::boolean[], $9::boolean[])
            ON CONFLICT (resource_id, start_at) WHERE NOT closed_by_hours DO NOTHING
            RETURNING id
            """;
    // In the order of ids, so that two that lock several never wait for each other.
    private static final String LOCK = "SELECT * FROM slot WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE";
    private static final String LOCK_FREE =
            "SELECT * FROM slot WHERE id = ANY($1::uuid[]) FOR NO KEY UPDATE SKIP LOCKED";
    // The one statement that counts places. Its condition says again what was decided under the lock.
    // Each by the primary key, by which a join alone does not go for sure: plans are made while the table may be empty.
    private static final String COUNT = """
            UPDATE slot s SET booked = n.booked FROM unnest($1::uuid[], $2::int[]) AS n (id, booked)
            WHERE s.id = n.id AND s.id = ANY($1::uuid[]) AND (n.booked <= s.booked OR n.booked <= s.capacity)
            """;
    private static final String CHANGE = """
            UPDATE slot s SET capacity = n.capacity, status = n.status, own_capacity = n.own_capacity,
                   closed_by_hours = n.closed_by_hours, revision = n.revision
            FROM unnest($1::uuid[], $2::int[], $3::text[], $4::boolean[], $5::boolean[], $6::int[])
                 AS n (id, capacity, status, own_capacity, closed_by_hours, revision)
            WHERE s.id = n.id AND s.id = ANY($1::uuid[])
            """;
    // No slot is longer than 31 days, which lets the index find those that have not ended by where they begin.
    private static final String BETWEEN = """
            SELECT * FROM slot
            WHERE resource_id = $1 AND start_at > $2::timestamptz - interval '32 days' AND end_at > $2
              AND ($3::timestamptz IS NULL OR start_at < $3)
              AND (NOT closed_by_hours OR booked > 0 OR start_at IN (SELECT unnest($4::timestamptz[])))
            """;
    private static final String FIND = "SELECT * FROM slot WHERE id = $1 AND tenant = $2";
    private static final String SEARCH = """
            SELECT * FROM slot
            WHERE resource_id = $1 AND start_at >= $2 AND start_at < $3
              AND ($4::int = 0 OR status = 'open' AND start_at > $5 AND start_at >= $8 AND capacity - booked >= $4)
              AND ($6::uuid IS NULL OR (start_at, id) > (SELECT start_at, id FROM slot WHERE id = $6))
            ORDER BY start_at, id LIMIT $7
            """;
    // Resource by resource, as the index has them.
    private static final String PLACES = """
            SELECT coalesce(sum(s.booked), 0)::bigint AS taken, coalesce(sum(greatest(s.capacity - s.booked, 0)), 0)::bigint AS free
            FROM resource r CROSS JOIN LATERAL (
                SELECT booked, capacity FROM slot
                WHERE resource_id = r.id AND start_at >= now() AND start_at < now() + $1::bigint * interval '1 ms' AND status = 'open'
                OFFSET 0) AS s
            """;

    /**
     * Which slots of a resource are listed, in the order of their starts.
     *
     * @param places how many have to be left, in a slot that can be booked at {@code now}; 0 for all slots
     * @param leadTime how long before its start a slot can be booked at the latest
     * @param after only those after the slot of this id
     */
    public record SlotFilter(
            UUID resourceId,
            Instant from,
            Instant to,
            int places,
            Instant now,
            Duration leadTime,
            @Nullable UUID after,
            int limit) {
        /** The same, for a resource whose slots are booked so long before their start at the latest. */
        public SlotFilter bookedAhead(Duration leadTimeOfResource) {
            return new SlotFilter(resourceId, from, to, places, now, leadTimeOfResource, after, limit);
        }
    }

    /**
     * Of several slots.
     *
     * @param taken held, offered and booked
     */
    public record Places(long taken, long free) {}

    private final Transactions transactions;

    public SlotStore(Transactions transactions) {
        this.transactions = transactions;
    }

    /** Those that were inserted: a resource has one slot at an instant, and another one there is left as it is. */
    public Uni<List<UUID>> insert(Tx tx, List<Slot> slots) {
        if (slots.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        var columns = Columns.of(slots)
                .uuids(Slot::id)
                .texts(Slot::tenant)
                .uuids(Slot::resourceId)
                .instants(Slot::startAt)
                .instants(Slot::endAt)
                .locals(Slot::localStart)
                .integers(Slot::capacity)
                .booleans(slot -> slot.ties().generated())
                .booleans(slot -> slot.ties().ownCapacity());
        return tx.list(INSERT, columns.tuple(), row -> row.getUUID("id"));
    }

    /** Those that exist, of whatever tenant, locked until the transaction ends, in the order of their ids. */
    public Uni<List<Slot>> lock(Tx tx, Collection<UUID> ids) {
        return ids.isEmpty()
                ? Uni.createFrom().item(List.of())
                : tx.list(LOCK, Tuple.of(ids.stream().distinct().toArray(UUID[]::new)), SlotStore::read);
    }

    /** Those that exist and nobody else has locked, locked until the transaction ends, in no order; waits for nobody. */
    public Uni<List<Slot>> lockFree(Tx tx, Collection<UUID> ids) {
        return ids.isEmpty()
                ? Uni.createFrom().item(List.of())
                : tx.list(LOCK_FREE, Tuple.of(ids.stream().distinct().toArray(UUID[]::new)), SlotStore::read);
    }

    /** Writes how many places are taken. The rows must be locked by this transaction. */
    public Uni<Void> count(Tx tx, Collection<Slot> slots) {
        if (slots.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var columns = Columns.of(List.copyOf(slots)).uuids(Slot::id).integers(Slot::booked);
        return tx.run(COUNT, columns.tuple())
                .invoke(updated -> {
                    if (updated.rowCount() != slots.size()) {
                        throw new IllegalStateException(
                                "Of the slots %s only %d could be counted".formatted(slots, updated.rowCount()));
                    }
                })
                .replaceWithVoid();
    }

    /** Writes what their owner can change. The rows must be locked by this transaction. */
    public Uni<Void> change(Tx tx, List<Slot> slots) {
        if (slots.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var columns = Columns.of(slots)
                .uuids(Slot::id)
                .integers(Slot::capacity)
                .texts(slot -> slot.status().wireName())
                .booleans(slot -> slot.ties().ownCapacity())
                .booleans(slot -> slot.ties().closedByHours())
                .integers(Slot::revision);
        return tx.run(CHANGE, columns.tuple()).replaceWithVoid();
    }

    /**
     * A resource's slots that end after {@code from} and begin before {@code end}, closed ones too, in no order. Of those that the hours have closed, only
     * what is booked, or begins at one of {@code starts}: there may be any number of others.
     *
     * @param end null for all
     */
    public Uni<List<Slot>> between(Tx tx, UUID resourceId, Instant from, @Nullable Instant end, List<Instant> starts) {
        return tx.list(
                BETWEEN,
                Tuple.of(
                        resourceId,
                        from.atOffset(ZoneOffset.UTC),
                        end == null ? null : end.atOffset(ZoneOffset.UTC),
                        starts.stream().map(one -> one.atOffset(ZoneOffset.UTC)).toArray(OffsetDateTime[]::new)),
                SlotStore::read);
    }

    public Uni<Optional<Slot>> find(String tenant, UUID id) {
        return transactions.list(FIND, Tuple.of(id, tenant), SlotStore::read).map(found -> found.stream()
                .findFirst());
    }

    public Uni<List<Slot>> search(SlotFilter filter) {
        var parameters = Tuple.tuple()
                .addUUID(filter.resourceId)
                .addOffsetDateTime(filter.from.atOffset(ZoneOffset.UTC))
                .addOffsetDateTime(filter.to.atOffset(ZoneOffset.UTC))
                .addInteger(filter.places)
                .addOffsetDateTime(filter.now.atOffset(ZoneOffset.UTC))
                .addUUID(filter.after)
                .addInteger(filter.limit)
                .addOffsetDateTime(filter.now.plus(filter.leadTime).atOffset(ZoneOffset.UTC));
        return transactions.list(SEARCH, parameters, SlotStore::read);
    }

    /** Of all open slots that begin from now on within {@code time}. */
    public Uni<Places> places(Duration time) {
        return transactions
                .list(PLACES, Tuple.of(time.toMillis()), row -> new Places(row.getLong("taken"), row.getLong("free")))
                .map(List::getFirst);
    }

    private static Slot read(Row row) {
        return new Slot(
                row.getUUID("id"),
                row.getString("tenant"),
                row.getUUID("resource_id"),
                row.getOffsetDateTime("start_at").toInstant(),
                row.getOffsetDateTime("end_at").toInstant(),
                row.getLocalDateTime("local_start"),
                row.getInteger("capacity"),
                row.getInteger("booked"),
                SlotStatus.of(row.getString("status")),
                new Slot.Ties(
                        row.getBoolean("generated"), row.getBoolean("own_capacity"), row.getBoolean("closed_by_hours")),
                row.getInteger("revision"));
    }
}
