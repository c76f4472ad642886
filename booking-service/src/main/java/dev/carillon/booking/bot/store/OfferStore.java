package dev.carillon.booking.bot.store;

import dev.carillon.booking.bot.Bot;
import dev.carillon.booking.bot.Offer;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.ToLongFunction;

/**
 * What can be chosen at the moment, read in the transaction of who chooses. What is read decides nothing: whether a place is had is decided where it is
 * booked.
 */
@ApplicationScoped
public class OfferStore {
    private static final String OFFERED = "SELECT id, name, zone, lead_time FROM resource WHERE tenant = $1 ";
    private static final String ALL_SERVICES = OFFERED + "ORDER BY name, id OFFSET $2 LIMIT $3";
    private static final String SERVICES =
            OFFERED + "AND id = ANY($4::uuid[]) ORDER BY array_position($4::uuid[], id) OFFSET $2 LIMIT $3";
    private static final String SERVICE = OFFERED + "AND id = $2";
    private static final String FREE = "status = 'open' AND booked < capacity AND start_at > $2 AND start_at >= $3";
    private static final String DAYS = "SELECT local_start::date AS day, count(*)::int AS times FROM slot"
            + " WHERE resource_id = $1 AND " + FREE
            + " AND local_start >= $4::date AND local_start < $5::date GROUP BY 1 ORDER BY 1 LIMIT $6";
    // A local day lies within a day of UTC's of the same date, for whatever zone; so the index by instant serves.
    private static final String TIMES =
            "SELECT id, start_at, end_at, local_start FROM slot WHERE resource_id = $1 AND " + FREE
                    + " AND start_at >= $4::date - interval '1 day' AND start_at < $4::date + interval '2 days'"
                    + " AND local_start >= $4::date AND local_start < $4::date + 1 AND start_at >= $5 ORDER BY start_at, id LIMIT $6";
    private static final String TIME =
            "SELECT id, start_at, end_at, local_start FROM slot WHERE resource_id = $1 AND id = $4 AND " + FREE;
    private static final String STANDING = """
            SELECT b.id, s.resource_id, r.name, r.zone, s.local_start, b.status FROM booking b
            JOIN slot s ON s.id = b.slot_id JOIN resource r ON r.id = s.resource_id
            WHERE b.tenant = $1 AND b.customer_chat_id = $2 AND b.status IN ('pending', 'booked') AND s.start_at > $3
              AND ($4::uuid IS NULL OR b.id = $4)
            ORDER BY s.start_at, b.id LIMIT $5
            """;
    private static final long FARTHEST_SERVICE = 100_000;
    // Around what a date of PostgreSQL can be, with room for arithmetic.
    private static final LocalDate FIRST_DAY = LocalDate.of(1970, 1, 1);
    private static final LocalDate LAST_DAY = LocalDate.of(9999, 1, 1);
    private static final int SERVICES_AT_ONCE = 10;
    private static final int DAYS_AT_ONCE = 15;
    private static final int TIMES_AT_ONCE = 40;
    private static final int BOOKINGS_AT_ONCE = 10;

    /** What the bot offers. */
    public Uni<Offer.Page<Offer.Service>> services(Tx tx, Bot bot, long from) {
        long offset = Math.clamp(from, 0, FARTHEST_SERVICE);
        var parameters = Tuple.of(bot.tenant(), offset, SERVICES_AT_ONCE + 1);
        var found = bot.resources().isEmpty()
                ? tx.list(ALL_SERVICES, parameters, OfferStore::service)
                : tx.list(
                        SERVICES, parameters.addArrayOfUUID(bot.resources().toArray(UUID[]::new)), OfferStore::service);
        return found.map(all -> page(all, SERVICES_AT_ONCE, next -> offset + SERVICES_AT_ONCE));
    }

    /** Any of the tenant's. */
    public Uni<Optional<Offer.Service>> service(Tx tx, String tenant, UUID id) {
        return first(tx.list(SERVICE, Tuple.of(tenant, id), OfferStore::service));
    }

    /** Days on which something is free, from this one on. */
    public Uni<Offer.Page<Offer.Day>> days(Tx tx, Offer.Service service, Instant now, long fromEpochDay) {
        var from = LocalDate.ofEpochDay(Math.clamp(fromEpochDay, FIRST_DAY.toEpochDay(), LAST_DAY.toEpochDay()));
        var parameters =
                free(service, now).addLocalDate(from).addLocalDate(LAST_DAY).addInteger(DAYS_AT_ONCE + 1);
        return tx.list(DAYS, parameters, row -> new Offer.Day(row.getLocalDate("day"), row.getInteger("times")))
                .map(all -> page(all, DAYS_AT_ONCE, next -> next.day().toEpochDay()));
    }

    /** Free times of a day, from this instant on. */
    public Uni<Offer.Page<Offer.Time>> times(
            Tx tx, Offer.Service service, LocalDate day, Instant now, long fromEpochSecond) {
        var from = Instant.ofEpochSecond(Math.clamp(fromEpochSecond, 0, LAST_DAY.toEpochDay() * 86_400));
        var parameters = free(service, now)
                .addLocalDate(day)
                .addOffsetDateTime(utc(from))
                .addInteger(TIMES_AT_ONCE + 1);
        return tx.list(TIMES, parameters, OfferStore::time)
                .map(all -> page(all, TIMES_AT_ONCE, next -> next.startAt().getEpochSecond()));
    }

    /** A slot of this service, while it is free. */
    public Uni<Optional<Offer.Time>> time(Tx tx, Offer.Service service, UUID slot, Instant now) {
        return first(tx.list(TIME, free(service, now).addUUID(slot), OfferStore::time));
    }

    /** The next bookings of whoever is in the chat. */
    public Uni<List<Offer.Standing>> standing(Tx tx, String tenant, String chat, Instant now) {
        return tx.list(
                STANDING,
                Tuple.of(tenant, chat, utc(now)).addUUID(null).addInteger(BOOKINGS_AT_ONCE),
                OfferStore::standing);
    }

    /** One of them; empty for anybody else's. */
    public Uni<Optional<Offer.Standing>> standing(Tx tx, String tenant, String chat, Instant now, UUID booking) {
        return first(tx.list(
                STANDING, Tuple.of(tenant, chat, utc(now)).addUUID(booking).addInteger(1), OfferStore::standing));
    }

    private static Tuple free(Offer.Service service, Instant now) {
        return Tuple.of(service.id(), utc(now), utc(now.plus(service.leadTime())));
    }

    /** @param next where a page begins that begins with this one */
    private static <T> Offer.Page<T> page(List<T> found, int atOnce, ToLongFunction<T> next) {
        return found.size() <= atOnce
                ? new Offer.Page<>(found, -1)
                : new Offer.Page<>(found.subList(0, atOnce), next.applyAsLong(found.get(atOnce)));
    }

    private static <T> Uni<Optional<T>> first(Uni<List<T>> found) {
        return found.map(all -> all.stream().findFirst());
    }

    private static Offer.Service service(Row row) {
        return new Offer.Service(
                row.getUUID("id"),
                row.getString("name"),
                ZoneId.of(row.getString("zone")),
                Duration.parse(row.getString("lead_time")));
    }

    private static Offer.Time time(Row row) {
        return new Offer.Time(
                row.getUUID("id"),
                row.getOffsetDateTime("start_at").toInstant(),
                row.getOffsetDateTime("end_at").toInstant(),
                row.getLocalDateTime("local_start"));
    }

    private static Offer.Standing standing(Row row) {
        return new Offer.Standing(
                row.getUUID("id"),
                row.getUUID("resource_id"),
                row.getString("name"),
                ZoneId.of(row.getString("zone")),
                row.getLocalDateTime("local_start"),
                "pending".equals(row.getString("status")));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
