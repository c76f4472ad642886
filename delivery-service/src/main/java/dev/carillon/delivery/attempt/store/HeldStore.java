package dev.carillon.delivery.attempt.store;

import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** How many deliveries are held for disabled endpoints. */
@ApplicationScoped
public class HeldStore {
    // As the index of held deliveries has it.
    private static final String COUNT = """
            SELECT e.id, (SELECT count(*) FROM (
                              SELECT FROM delivery d WHERE d.status = 'held' AND (d.destination::jsonb ->> 'endpointId') = e.id::text LIMIT $2) AS found) AS n
            FROM unnest($1::uuid[]) AS e (id)
            """;
    private static final String TOTALS = """
            SELECT coalesce(sum(n), 0)::bigint AS held, coalesce(max(n), 0)::bigint AS largest
            FROM (SELECT count(*) AS n FROM delivery WHERE status = 'held' GROUP BY destination::jsonb ->> 'endpointId') AS endpoints
            """;

    private record Counted(UUID endpoint, int held) {}

    /** @param largest how many are held for the endpoint that has most */
    public record Totals(long held, long largest) {}

    private final Transactions transactions;

    public HeldStore(Transactions transactions) {
        this.transactions = transactions;
    }

    /** By endpoint; a count ends at {@code upTo}. */
    public Uni<Map<UUID, Integer>> count(Tx tx, Collection<UUID> endpoints, int upTo) {
        return tx.list(
                        COUNT,
                        Tuple.of(endpoints.toArray(UUID[]::new), upTo),
                        row -> new Counted(row.getUUID("id"), row.getLong("n").intValue()))
                .map(found -> found.stream().collect(Collectors.toMap(Counted::endpoint, Counted::held)));
    }

    public Uni<Totals> totals() {
        return transactions
                .list(TOTALS, Tuple.tuple(), row -> new Totals(row.getLong("held"), row.getLong("largest")))
                .map(List::getFirst);
    }
}
