package dev.carillon.scheduler.reminder.store;

import dev.carillon.kit.tx.Columns;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.reminder.Booking;
import dev.carillon.scheduler.reminder.BookingStatus;
import dev.carillon.scheduler.reminder.KnownBooking;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** What was last applied of each booking, in PostgreSQL. */
@ApplicationScoped
public class KnownBookingStore {
    // A booking not known yet gets a row, of version 0, that can be locked as any other.
    // In the order of ids, so that two that lock several never wait for each other.
    private static final String LOCK = """
            INSERT INTO booking_reminders AS known (booking_id, tenant, version, status, sequence, start_at)
            SELECT id, tenant, 0, 'pending', 0, start_at
            FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS told (id, tenant, start_at)
            ORDER BY id
            ON CONFLICT (booking_id) DO UPDATE SET version = known.version
            RETURNING *
            """;
    // Each by the primary key, by which a join alone does not go for sure: plans are made while the table may be empty.
    private static final String SAVE = """
            UPDATE booking_reminders known
            SET version = told.version, status = told.status, sequence = told.sequence, start_at = told.start_at,
                slot_closed = told.slot_closed
            FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::int[], $5::timestamptz[], $6::boolean[])
                 AS told (id, version, status, sequence, start_at, slot_closed)
            WHERE known.booking_id = told.id AND known.booking_id = ANY($1::uuid[])
            """;
    // An array, which is looked up row by row; for a join a plan that does not know the limit reads the whole table.
    private static final String FORGET = """
            DELETE FROM booking_reminders WHERE booking_id = ANY(ARRAY(
                SELECT booking_id FROM booking_reminders WHERE start_at < $1 ORDER BY start_at LIMIT $2 FOR UPDATE SKIP LOCKED))
            """;

    /** What is known of these, each of which is named once; locked until the transaction ends. */
    public Uni<List<KnownBooking>> lock(Tx tx, List<Booking> told) {
        var columns = Columns.<Booking>of(told)
                .uuids(Booking::id)
                .texts(Booking::tenant)
                .instants(Booking::startAt);
        return tx.list(LOCK, columns.tuple(), KnownBookingStore::read);
    }

    /** The rows must be locked by this transaction. */
    public Uni<Void> save(Tx tx, List<KnownBooking> known) {
        var columns = Columns.<KnownBooking>of(known)
                .uuids(KnownBooking::id)
                .longs(KnownBooking::version)
                .texts(one -> one.status().wireName())
                .integers(KnownBooking::sequence)
                .instants(KnownBooking::startAt)
                .booleans(KnownBooking::slotClosed);
        return tx.run(SAVE, columns.tuple()).replaceWithVoid();
    }

    /** Forgets at most {@code limit} of those that started before {@code startedBefore}, the oldest first; gives how many. */
    public Uni<Integer> forget(Tx tx, Instant startedBefore, int limit) {
        return tx.run(FORGET, Tuple.of(startedBefore.atOffset(ZoneOffset.UTC), limit))
                .map(rows -> rows.rowCount());
    }

    private static KnownBooking read(Row row) {
        return new KnownBooking(
                row.getUUID("booking_id"),
                row.getLong("version"),
                BookingStatus.of(row.getString("status")),
                row.getInteger("sequence"),
                row.getOffsetDateTime("start_at").toInstant(),
                row.getBoolean("slot_closed"));
    }
}
