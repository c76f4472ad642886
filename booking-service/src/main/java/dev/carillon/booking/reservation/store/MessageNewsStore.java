package dev.carillon.booking.reservation.store;

import dev.carillon.booking.reservation.MessageNews;
import dev.carillon.kit.tx.Columns;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** What is known of bookings' messages, the highest version of each. */
@ApplicationScoped
public class MessageNewsStore {
    // An error mostly quotes the address: it is not kept of a customer who is erased. An erasure that is under way is
    // waited for, as it would not find an error that is not committed yet; in the order of ids, as bookings always are.
    private static final String LOCK = "SELECT id FROM booking WHERE id = ANY($1::uuid[]) ORDER BY id FOR KEY SHARE";
    // Each booking by the primary key, by which a join alone does not go for sure: plans are made while the table may
    // be empty.
    private static final String SAVE = """
            INSERT INTO booking_message AS m (message_id, booking_id, purpose, sequence, status, version, at, error)
            SELECT n.message_id, n.booking_id, n.purpose, n.sequence, n.status, n.version, n.at,
                   CASE WHEN b.customer_name <> '' THEN n.error END
            FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::bigint[], $7::timestamptz[], $8::text[], $9::text[])
                 AS n (message_id, booking_id, purpose, sequence, status, version, at, error, tenant)
            JOIN booking b ON b.id = n.booking_id AND b.tenant = n.tenant AND b.id = ANY($2::uuid[])
            ORDER BY n.message_id
            ON CONFLICT (message_id) DO UPDATE
            SET status = excluded.status, version = excluded.version, at = excluded.at, error = excluded.error
            WHERE m.version < excluded.version
            """;
    private static final String OF_BOOKINGS =
            "SELECT * FROM booking_message WHERE booking_id = ANY($1::uuid[]) ORDER BY booking_id, message_id";

    private final Transactions transactions;

    public MessageNewsStore(Transactions transactions) {
        this.transactions = transactions;
    }

    /** News with the tenant of its event: of a booking that the tenant does not have, none is kept. */
    public record TenantNews(String tenant, MessageNews news) {}

    /** @param news one of each message at most */
    public Uni<Void> save(Tx tx, List<TenantNews> news) {
        if (news.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var columns = Columns.of(news)
                .uuids(n -> n.news.messageId())
                .uuids(n -> n.news.bookingId())
                .texts(n -> n.news.purpose())
                .integers(n -> n.news.sequence())
                .texts(n -> n.news.status())
                .longs(n -> n.news.version())
                .instants(n -> n.news.at())
                .texts(n -> n.news.error())
                .texts(TenantNews::tenant);
        return lockOfErrors(tx, news).chain(() -> tx.run(SAVE, columns.tuple())).replaceWithVoid();
    }

    private static Uni<Void> lockOfErrors(Tx tx, List<TenantNews> news) {
        var bookings = news.stream()
                .filter(one -> one.news.error() != null)
                .map(one -> one.news.bookingId())
                .distinct()
                .toArray(UUID[]::new);
        return bookings.length == 0
                ? Uni.createFrom().voidItem()
                : tx.run(LOCK, Tuple.of(bookings)).replaceWithVoid();
    }

    /** In the order in which the messages were made. */
    public Uni<List<MessageNews>> of(Collection<UUID> bookings) {
        return transactions.list(OF_BOOKINGS, Tuple.of(bookings.toArray(UUID[]::new)), MessageNewsStore::read);
    }

    private static MessageNews read(Row row) {
        return new MessageNews(
                row.getUUID("message_id"),
                row.getUUID("booking_id"),
                row.getString("purpose"),
                row.getInteger("sequence"),
                row.getString("status"),
                row.getLong("version"),
                row.getOffsetDateTime("at").toInstant(),
                row.getString("error"));
    }
}
