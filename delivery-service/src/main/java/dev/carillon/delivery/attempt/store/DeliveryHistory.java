package dev.carillon.delivery.attempt.store;

import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.UUID;

/** Deliveries that have ended, and how they are forgotten. */
@ApplicationScoped
public class DeliveryHistory {
    // What somebody redrives or asks about at this moment is left for the next time. By now(): with clock_timestamp(),
    // which is volatile, the index is read to its end each time that fewer are old enough than may be deleted at once.
    private static final String OLDEST = """
            SELECT id FROM delivery WHERE ended_at < now() - make_interval(secs => $1)
            ORDER BY ended_at LIMIT $2 FOR UPDATE SKIP LOCKED
            """;
    private static final String FORGET_ATTEMPTS = "DELETE FROM attempt WHERE delivery_id = ANY($1::uuid[])";
    private static final String FORGET = "DELETE FROM delivery WHERE id = ANY($1::uuid[])";

    /** Deletes up to {@code limit} that ended so long ago, with their attempts, and gives how many. */
    public Uni<Integer> forget(Tx tx, Duration longAgo, int limit) {
        return tx.list(OLDEST, Tuple.of((double) longAgo.toSeconds(), limit), row -> row.getUUID("id"))
                .chain(found -> {
                    var ids = Tuple.of(found.toArray(UUID[]::new));
                    return found.isEmpty()
                            ? Uni.createFrom().item(0)
                            : tx.run(FORGET_ATTEMPTS, ids)
                                    .chain(() -> tx.run(FORGET, ids))
                                    .replaceWith(found.size());
                });
    }
}
