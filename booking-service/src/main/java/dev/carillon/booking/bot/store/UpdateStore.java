package dev.carillon.booking.bot.store;

import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Which updates were taken. Says nothing of what was in them, or whom they were from. */
@ApplicationScoped
public class UpdateStore {
    private static final String TAKE =
            "INSERT INTO telegram_update (bot, update_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING update_id";
    // now(), for no index is searched by a clock that goes on.
    static final String FORGET = """
            DELETE FROM telegram_update WHERE ctid = ANY(ARRAY(
                SELECT ctid FROM telegram_update WHERE received_at < now() - $1::bigint * interval '1 s'
                ORDER BY received_at LIMIT $2 FOR UPDATE SKIP LOCKED))
            """;

    /** Whether it had not been taken before. One that another transaction takes just now is waited for. */
    public Uni<Boolean> take(Tx tx, long bot, long update) {
        return tx.run(TAKE, Tuple.of(bot, update)).map(rows -> rows.rowCount() == 1);
    }

    /** Forgets those that are older, at most {@code atOnce}, and tells how many. */
    public Uni<Integer> forget(Tx tx, Duration age, int atOnce) {
        return tx.run(FORGET, Tuple.of(age.toSeconds(), atOnce)).map(rows -> rows.rowCount());
    }
}
