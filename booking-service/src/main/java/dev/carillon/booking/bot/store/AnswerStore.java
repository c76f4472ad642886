package dev.carillon.booking.bot.store;

import dev.carillon.kit.tx.Columns;
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

/** What is to be said in chats, in the order in which it was written. */
@ApplicationScoped
public class AnswerStore {
    private static final String INSERT = """
            INSERT INTO telegram_answer (chat_id, method, body, created_at)
            SELECT $3::uuid, a.method, a.body, $4::timestamptz FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS a (method, body, n) ORDER BY a.n
            """;
    private static final String FIRST = """
            SELECT a.* FROM unnest($1::uuid[]) AS c (id)
            CROSS JOIN LATERAL (SELECT * FROM telegram_answer WHERE chat_id = c.id ORDER BY seq LIMIT $2) a
            ORDER BY a.seq
            """;
    private static final String DELETE = "DELETE FROM telegram_answer WHERE seq = ANY($1::bigint[])";
    private static final String TRIED = "UPDATE telegram_answer SET tries = tries + 1 WHERE seq = $1";
    private static final String EXISTS = "SELECT 1 FROM telegram_answer WHERE chat_id = $1 LIMIT 1";

    /**
     * A call of the Bot API.
     *
     * @param body JSON
     */
    public record Call(String method, String body) {
        /** The method alone: whatever writes a call into a log writes nobody's name or chat. */
        @Override
        public String toString() {
            return method;
        }
    }

    /** A call that is to be made. */
    public record Outstanding(long seq, UUID chat, Call call, int tries, Instant createdAt) {}

    /** In this order, after what is there already. The chat's row must be locked by this transaction. */
    public Uni<Void> add(Tx tx, UUID chat, List<Call> calls, Instant now) {
        var columns = Columns.of(calls)
                .texts(Call::method)
                .texts(Call::body)
                .and(chat)
                .and(now.atOffset(ZoneOffset.UTC));
        return tx.run(INSERT, columns.tuple()).replaceWithVoid();
    }

    /** The first of each chat, in their order. */
    public Uni<List<Outstanding>> first(Tx tx, Collection<UUID> chats, int ofEach) {
        return tx.list(FIRST, Tuple.of(chats.toArray(UUID[]::new), ofEach), AnswerStore::read);
    }

    public Uni<Void> done(Tx tx, Collection<Long> seqs) {
        return seqs.isEmpty()
                ? Uni.createFrom().voidItem()
                : tx.run(DELETE, Tuple.of(seqs.toArray(Long[]::new))).replaceWithVoid();
    }

    public Uni<Void> tried(Tx tx, long seq) {
        return tx.run(TRIED, Tuple.of(seq)).replaceWithVoid();
    }

    public Uni<Boolean> isAnythingLeft(Tx tx, UUID chat) {
        return tx.run(EXISTS, Tuple.of(chat)).map(rows -> rows.size() > 0);
    }

    private static Outstanding read(Row row) {
        return new Outstanding(
                row.getLong("seq"),
                row.getUUID("chat_id"),
                new Call(row.getString("method"), row.getString("body")),
                row.getInteger("tries"),
                row.getOffsetDateTime("created_at").toInstant());
    }
}
