package dev.carillon.booking.bot.store;

import dev.carillon.booking.bot.Bot;
import dev.carillon.booking.bot.Conversation;
import dev.carillon.booking.bot.Draft;
import dev.carillon.booking.bot.Step;
import dev.carillon.booking.reservation.CustomerReference;
import dev.carillon.booking.reservation.usecase.ChatsOfCustomers;
import dev.carillon.kit.tx.Columns;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Chats with their conversations. Whoever locks a chat's row does so before any row of a booking, customer or slot. */
@ApplicationScoped
public class ChatStore implements ChatsOfCustomers {
    // The update changes nothing: it locks the row that is there, and gives it back.
    private static final String LOCK = """
            INSERT INTO telegram_chat (id, bot, tenant, chat, token, turn, step, expires_at) VALUES ($1, $2, $3, $4, $5, 0, 'idle', $6)
            ON CONFLICT ON CONSTRAINT chat_is_unique DO UPDATE SET chat = excluded.chat
            RETURNING *
            """;
    private static final String LOCK_IDS =
            "SELECT * FROM telegram_chat WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE";
    private static final String SAVE = """
            UPDATE telegram_chat SET token = $2, turn = $3, step = $4, resource_id = $5, day = $6, slot_id = $7, name = $8, booking_id = $9,
                   expires_at = $10
            WHERE id = $1
            """;
    // Each by the primary key, by which a join alone does not go for sure: plans are made while the table may be empty.
    private static final String SENDING = """
            UPDATE telegram_chat c SET sending_until = n.until FROM unnest($1::uuid[], $2::timestamptz[]) AS n (id, until)
            WHERE c.id = n.id AND c.id = ANY($1::uuid[])
            """;
    private static final String FORGET = """
            DELETE FROM telegram_chat WHERE id = ANY(ARRAY(
                SELECT id FROM telegram_chat c
                WHERE expires_at < $1 AND NOT EXISTS (SELECT FROM telegram_answer a WHERE a.chat_id = c.id)
                ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED))
            """;
    // One list, whose chats are looked up one by one: with OR all of a tenant's chats would be read.
    static final String OF_CUSTOMER = """
            SELECT * FROM telegram_chat WHERE tenant = $1
              AND chat IN (SELECT customer_chat_id FROM booking WHERE tenant = $1 AND customer_id = $2
                           UNION ALL
                           SELECT customer_chat_id FROM booking WHERE tenant = $1 AND lower(customer_email COLLATE "C") = $3
                           UNION ALL
                           SELECT $4::text)
            ORDER BY id
            """;
    private static final String ERASE = "DELETE FROM telegram_chat WHERE id = ANY($1::uuid[])";

    private final Transactions transactions;

    public ChatStore(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * The row of a chat, locked until the transaction ends; there is one from now on.
     *
     * @param token of a conversation, should there have been none
     */
    public Uni<Chat> lock(Tx tx, UUID newId, Bot bot, String chat, String token, Instant now) {
        var none = Conversation.none(token);
        return tx.list(
                        LOCK,
                        Tuple.tuple()
                                .addUUID(newId)
                                .addLong(bot.id())
                                .addString(bot.tenant())
                                .addString(chat)
                                .addString(none.token())
                                .addOffsetDateTime(utc(now)),
                        ChatStore::read)
                .map(List::getFirst);
    }

    /** Those that exist, locked until the transaction ends, in the order of their ids. */
    public Uni<List<Chat>> lock(Tx tx, Collection<UUID> ids) {
        return tx.list(LOCK_IDS, Tuple.of(ids.toArray(UUID[]::new)), ChatStore::read);
    }

    /** Writes where the conversation is. The row must be locked by this transaction. */
    public Uni<Void> save(Tx tx, UUID chat, Conversation conversation) {
        var draft = conversation.draft();
        return tx.run(
                        SAVE,
                        Tuple.tuple()
                                .addUUID(chat)
                                .addString(conversation.token())
                                .addInteger(conversation.turn())
                                .addString(conversation.step().wireName())
                                .addUUID(draft.resource())
                                .addLocalDate(draft.day())
                                .addUUID(draft.slot())
                                .addString(draft.name())
                                .addUUID(draft.booking())
                                .addOffsetDateTime(utc(conversation.expiresAt())))
                .replaceWithVoid();
    }

    /** Writes until when somebody is sending; null for nobody. The rows must be locked by this transaction. */
    public Uni<Void> sending(Tx tx, Collection<UUID> chats, @Nullable Instant until) {
        return tx.run(
                        SENDING,
                        Columns.of(List.copyOf(chats))
                                .uuids(id -> id)
                                .instants(id -> until)
                                .tuple())
                .replaceWithVoid();
    }

    /** Forgets chats whose conversation had ended by then and in which nothing is to be said, at most {@code atOnce}, and tells how many. */
    public Uni<Integer> forget(Tx tx, Instant endedBefore, int atOnce) {
        return tx.run(FORGET, Tuple.of(utc(endedBefore), atOnce)).map(rows -> rows.rowCount());
    }

    @Override
    public Uni<List<UUID>> lock(Tx tx, String tenant, CustomerReference customer) {
        return tx.list(OF_CUSTOMER + "FOR UPDATE", parameters(tenant, customer), row -> row.getUUID("id"));
    }

    @Override
    public Uni<Void> erase(Tx tx, List<UUID> chats) {
        return tx.run(ERASE, Tuple.of(chats.toArray(UUID[]::new))).replaceWithVoid();
    }

    @Override
    public Uni<List<KeptChat>> of(String tenant, CustomerReference customer) {
        return transactions.list(
                OF_CUSTOMER,
                parameters(tenant, customer),
                row -> new KeptChat(
                        row.getString("chat"),
                        row.getString("name"),
                        row.getOffsetDateTime("expires_at").toInstant()));
    }

    private static Tuple parameters(String tenant, CustomerReference customer) {
        return Tuple.tuple()
                .addString(tenant)
                .addString(customer.id())
                .addString(customer.email())
                .addString(customer.chat());
    }

    private static Chat read(Row row) {
        var draft = new Draft(
                row.getUUID("resource_id"),
                row.getLocalDate("day"),
                row.getUUID("slot_id"),
                row.getString("name"),
                row.getUUID("booking_id"));
        var sendingUntil = row.getOffsetDateTime("sending_until");
        return new Chat(
                row.getUUID("id"),
                row.getLong("bot"),
                new Conversation(
                        row.getString("token"),
                        row.getInteger("turn"),
                        Step.of(row.getString("step")),
                        draft,
                        row.getOffsetDateTime("expires_at").toInstant()),
                sendingUntil == null ? null : sendingUntil.toInstant());
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
