package dev.carillon.booking.reservation.store;

import dev.carillon.booking.availability.BookingRules;
import dev.carillon.booking.availability.Messages;
import dev.carillon.booking.availability.store.HoursJson;
import dev.carillon.booking.availability.store.TemplatesJson;
import dev.carillon.booking.reservation.Appointment;
import dev.carillon.booking.reservation.Attendance;
import dev.carillon.booking.reservation.Booking;
import dev.carillon.booking.reservation.BookingStatus;
import dev.carillon.booking.reservation.CustomerReference;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.tx.Columns;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Bookings in PostgreSQL. */
@ApplicationScoped
public class BookingStore {
    private static final String INSERT = """
            INSERT INTO booking (id, tenant, slot_id, places, status, revision, version, sequence, customer_id, customer_name,
                                 customer_email, customer_chat_id, customer_zone, customer_language, hold_expires_at, created_at,
                                 booked_at, traceparent, tracestate)
            SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::int[], $5::text[], $6::int[], $7::bigint[], $8::int[],
                                 $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::timestamptz[],
                                 $16::timestamptz[], $17::timestamptz[], $18::text[], $19::text[])
            """;
    // Each by the primary key, by which a join alone does not go for sure: plans are made while the table may be empty.
    private static final String SAVE = """
            UPDATE booking b SET slot_id = n.slot_id, status = n.status, cancellation_reason = n.cancellation_reason,
                   revision = n.revision, version = n.version, sequence = n.sequence, hold_expires_at = n.hold_expires_at,
                   booked_at = n.booked_at, cancelled_at = n.cancelled_at, arrived_at = n.arrived_at,
                   checked_in_at = n.checked_in_at, fulfilled_at = n.fulfilled_at, noshow_at = n.noshow_at, slot_closed = n.slot_closed
            FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::int[], $6::bigint[], $7::int[], $8::timestamptz[],
                        $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[],
                        $14::timestamptz[], $15::boolean[])
                 AS n (id, slot_id, status, cancellation_reason, revision, version, sequence, hold_expires_at, booked_at, cancelled_at,
                       arrived_at, checked_in_at, fulfilled_at, noshow_at, slot_closed)
            WHERE b.id = n.id AND b.id = ANY($1::uuid[])
            """;
    private static final String SELECT = """
            SELECT b.*, s.start_at, s.end_at, s.local_start, s.resource_id, r.name, r.zone, r.reminders,
                   r.lead_time, r.cancel_notice, r.max_per_customer, r.language, r.templates
            FROM booking b JOIN slot s ON s.id = b.slot_id JOIN resource r ON r.id = s.resource_id
            """;
    // In the order of ids, so that two that lock several never wait for each other. Nothing is joined here: who has
    // waited for a move would look for the new slot's id in the row of the former slot, and not find the booking.
    private static final String LOCK = "SELECT id FROM booking WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE";
    private static final String OF_IDS = SELECT + "WHERE b.id = ANY($1::uuid[]) ORDER BY b.id";
    private static final String FIND = SELECT + "WHERE b.id = $1 AND b.tenant = $2";
    private static final String APPOINTMENTS = """
            SELECT s.id AS slot_id, s.tenant, s.start_at, s.end_at, s.local_start, s.resource_id, r.name, r.zone, r.reminders,
                   r.lead_time, r.cancel_notice, r.max_per_customer, r.language, r.templates, false AS slot_closed
            FROM slot s JOIN resource r ON r.id = s.resource_id WHERE s.id = ANY($1::uuid[])
            """;
    private static final String STANDING = SELECT + """
            WHERE s.resource_id = $1 AND s.start_at >= $2 AND s.start_at < $3 AND b.status <> 'cancelled'
            ORDER BY s.start_at, b.id LIMIT $4
            """;
    // Two, since each has an index of its own.
    private static final String TO_BE_TOLD_OF_SLOT = """
            SELECT b.id FROM booking b JOIN slot s ON s.id = b.slot_id
            WHERE b.slot_id = ANY($1::uuid[]) AND b.status IN ('pending', 'booked') AND b.slot_closed <> (s.status = 'closed')
            UNION ALL
            SELECT b.id FROM booking b JOIN slot s ON s.id = b.slot_id
            WHERE b.slot_id = ANY($1::uuid[]) AND b.status = 'proposed' AND s.status = 'closed'
            ORDER BY id LIMIT $2
            """;
    private static final String CLOSED = "SELECT id FROM slot WHERE id = ANY($1::uuid[]) AND status = 'closed'";
    private static final String OF_CUSTOMER = SELECT
            + "WHERE b.id IN %s AND ($5::uuid IS NULL OR b.id < $5) ORDER BY b.id DESC LIMIT $6"
                    .formatted(CustomerColumns.idsOf("booking"));
    // Of the time that it is booked for now, so that there is still somebody to call.
    private static final String REMINDER_FAILED = """
            b.status IN ('pending', 'booked') AND EXISTS (
                SELECT FROM booking_message m
                WHERE m.booking_id = b.id AND m.status IN ('failed', 'expired') AND m.purpose = 'reminder'
                  AND coalesce(m.sequence, b.sequence) = b.sequence)
            """;

    /** What can be booked in a slot, and whose slot it is, which never changes. */
    public record Bookable(String tenant, Appointment appointment) {}

    private final HoursJson json;
    private final TemplatesJson templates;
    private final Transactions transactions;

    public BookingStore(HoursJson json, TemplatesJson templates, Transactions transactions) {
        this.json = json;
        this.templates = templates;
        this.transactions = transactions;
    }

    public Uni<Void> insert(Tx tx, List<TracedBooking> bookings) {
        if (bookings.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var own = Columns.<TracedBooking>of(bookings)
                .uuids(TracedBooking::id)
                .texts(b -> b.booking().tenant())
                .uuids(b -> b.booking().appointment().slotId())
                .integers(b -> b.booking().places())
                .texts(b -> b.booking().status().wireName())
                .integers(b -> b.booking().revision())
                .longs(b -> b.booking().version())
                .integers(b -> b.booking().sequence());
        var columns = CustomerColumns.add(own, b -> b.booking().customer())
                .instants(b -> b.booking().holdExpiresAt())
                .instants(b -> b.booking().createdAt())
                .instants(b -> b.booking().bookedAt())
                .texts(b -> b.trace().traceparent())
                .texts(b -> b.trace().tracestate());
        return tx.run(INSERT, columns.tuple()).replaceWithVoid();
    }

    /** Writes what can change. The rows must be locked by this transaction. */
    public Uni<Void> save(Tx tx, List<Booking> bookings) {
        if (bookings.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var columns = Columns.of(bookings)
                .uuids(Booking::id)
                .uuids(b -> b.appointment().slotId())
                .texts(b -> b.status().wireName())
                .texts(Booking::cancellationReason)
                .integers(Booking::revision)
                .longs(Booking::version)
                .integers(Booking::sequence)
                .instants(Booking::holdExpiresAt)
                .instants(Booking::bookedAt)
                .instants(Booking::cancelledAt)
                .instants(b -> b.attendance().arrivedAt())
                .instants(b -> b.attendance().checkedInAt())
                .instants(b -> b.attendance().fulfilledAt())
                .instants(b -> b.attendance().noShowAt())
                .booleans(b -> b.appointment().slotClosed());
        return tx.run(SAVE, columns.tuple()).replaceWithVoid();
    }

    /** Those that exist, of whatever tenant, locked until the transaction ends, in the order of their ids. */
    public Uni<List<TracedBooking>> lock(Tx tx, Collection<UUID> ids) {
        var parameter = Tuple.of(ids.stream().distinct().toArray(UUID[]::new));
        return tx.run(LOCK, parameter).chain(() -> tx.list(OF_IDS, parameter, this::read));
    }

    public Uni<Optional<TracedBooking>> find(String tenant, UUID id) {
        return transactions.list(FIND, Tuple.of(id, tenant), this::read).map(found -> found.stream()
                .findFirst());
    }

    /** Those that exist, in no order. */
    public Uni<List<TracedBooking>> ofIds(Collection<UUID> ids) {
        return ids.isEmpty()
                ? Uni.createFrom().item(List.of())
                : transactions.list(OF_IDS, Tuple.of(ids.toArray(UUID[]::new)), this::read);
    }

    /**
     * Some bookings in these slots whose customers were told last that their slot is open and it is closed, or the other way round; and what is offered in
     * those that are closed.
     */
    public Uni<List<UUID>> toBeToldOfSlot(Tx tx, Collection<UUID> slotIds, int limit) {
        return tx.list(TO_BE_TOLD_OF_SLOT, Tuple.of(slotIds.toArray(UUID[]::new), limit), row -> row.getUUID("id"));
    }

    /** Which of these slots are closed. */
    public Uni<Set<UUID>> closed(Tx tx, Collection<UUID> slotIds) {
        return tx.list(CLOSED, Tuple.of(slotIds.toArray(UUID[]::new)), row -> row.getUUID("id"))
                .map(Set::copyOf);
    }

    public Uni<Boolean> isInClosedSlot(Tx tx, Booking booking) {
        return closed(tx, List.of(booking.appointment().slotId())).map(closed -> !closed.isEmpty());
    }

    /** What can be booked in these slots, of those that exist. */
    public Uni<List<Appointment>> appointments(Tx tx, Collection<UUID> slotIds) {
        return tx.list(APPOINTMENTS, Tuple.of(slotIds.stream().distinct().toArray(UUID[]::new)), this::appointment);
    }

    /** The same with whose they are, by the slots' ids. */
    public Uni<Map<UUID, Bookable>> bookable(Tx tx, Collection<UUID> slotIds) {
        return slotIds.isEmpty()
                ? Uni.createFrom().item(Map.of())
                : tx.list(
                                APPOINTMENTS,
                                Tuple.of(slotIds.stream().distinct().toArray(UUID[]::new)),
                                row -> new Bookable(row.getString("tenant"), appointment(row)))
                        .map(found -> found.stream()
                                .collect(Collectors.toMap(
                                        one -> one.appointment().slotId(), Function.identity())));
    }

    public Uni<List<TracedBooking>> list(BookingFilter filter) {
        var parameters = Tuple.tuple();
        var conditions = new ArrayList<String>();
        condition(conditions, parameters, "b.tenant = ", filter.tenant());
        condition(conditions, parameters, "b.status = ", filter.status());
        condition(conditions, parameters, "s.resource_id = ", filter.resourceId());
        condition(conditions, parameters, "b.slot_id = ", filter.slotId());
        condition(conditions, parameters, "b.customer_id = ", filter.customerId());
        condition(conditions, parameters, "b.id < ", filter.before());
        if (filter.reminderFailed()) {
            conditions.add(REMINDER_FAILED);
        }
        parameters.addInteger(filter.limit());
        return transactions.list(
                SELECT + "WHERE " + String.join(" AND ", conditions) + " ORDER BY b.id DESC LIMIT $"
                        + parameters.size(),
                parameters,
                this::read);
    }

    /** A customer's, newest first; those made before the booking or entry {@code before}, if that is not null. */
    public Uni<List<TracedBooking>> ofCustomer(
            String tenant, CustomerReference customer, @Nullable UUID before, int limit) {
        return transactions.list(
                OF_CUSTOMER,
                CustomerColumns.parameters(tenant, customer).addUUID(before).addInteger(limit),
                this::read);
    }

    /** Those of a resource that start in [from, to) and are not cancelled, in the order of their starts. */
    public Uni<List<TracedBooking>> standing(UUID resourceId, Instant from, Instant to, int limit) {
        return transactions.list(
                STANDING,
                Tuple.of(resourceId, from.atOffset(ZoneOffset.UTC), to.atOffset(ZoneOffset.UTC), limit),
                this::read);
    }

    private static void condition(List<String> conditions, Tuple parameters, String condition, @Nullable Object value) {
        if (value != null) {
            parameters.addValue(value);
            conditions.add(condition + "$" + parameters.size());
        }
    }

    private TracedBooking read(Row row) {
        var booking = new Booking(
                row.getUUID("id"),
                row.getString("tenant"),
                appointment(row),
                row.getInteger("places"),
                CustomerColumns.read(row),
                BookingStatus.of(row.getString("status")),
                row.getString("cancellation_reason"),
                row.getInteger("revision"),
                row.getLong("version"),
                row.getInteger("sequence"),
                instant(row, "hold_expires_at"),
                row.getOffsetDateTime("created_at").toInstant(),
                instant(row, "booked_at"),
                instant(row, "cancelled_at"),
                attendance(row));
        return new TracedBooking(booking, new TraceContext(row.getString("traceparent"), row.getString("tracestate")));
    }

    private Appointment appointment(Row row) {
        return new Appointment(
                row.getUUID("slot_id"),
                row.getOffsetDateTime("start_at").toInstant(),
                row.getOffsetDateTime("end_at").toInstant(),
                row.getLocalDateTime("local_start"),
                row.getUUID("resource_id"),
                row.getString("name"),
                ZoneId.of(row.getString("zone")),
                json.readTexts(row.getString("reminders")),
                rules(row),
                new Messages(row.getString("language"), templates.read(row.getString("templates"))),
                row.getBoolean("slot_closed"));
    }

    private static BookingRules rules(Row row) {
        return new BookingRules(
                Duration.parse(row.getString("lead_time")),
                Duration.parse(row.getString("cancel_notice")),
                row.getInteger("max_per_customer"));
    }

    private static Attendance attendance(Row row) {
        return new Attendance(
                instant(row, "arrived_at"),
                instant(row, "checked_in_at"),
                instant(row, "fulfilled_at"),
                instant(row, "noshow_at"));
    }

    private static @Nullable Instant instant(Row row, String column) {
        var value = row.getOffsetDateTime(column);
        return value == null ? null : value.toInstant();
    }
}
