package dev.carillon.delivery.attempt.store;

import dev.carillon.kit.tx.Columns;
import dev.carillon.kit.tx.EntityTransactions;
import dev.carillon.kit.tx.Overloaded;
import dev.carillon.kit.tx.Transactions;
import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.util.TypeLiteral;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries with their attempts, as entities. Only so many are read at once, so that what the API lists never takes the connections that attempts need;
 * what would have to wait behind too many is refused with {@link Overloaded}.
 */
@ApplicationScoped
public class DeliveryReader {
    /**
     * Which deliveries of a tenant are listed, newest first.
     *
     * @param destination the address, chat id, URL or endpoint's id
     * @param before only those created before the delivery of this id
     */
    public record Filter(
            String tenant,
            @Nullable UUID messageId,
            @Nullable String status,
            @Nullable String channel,
            @Nullable String destination,
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable UUID before,
            int limit) {}

    /** A delivery with its attempts, in their order. */
    public record Attempted(DeliveryRow delivery, List<AttemptRow> attempts) {
        public UUID id() {
            return delivery.id;
        }
    }

    private static final String OF_DESTINATION = Stream.of("address", "chatId", "url", "endpointId")
            .map("sql('(?::jsonb) ->> ''%s''', destination)"::formatted)
            .collect(Collectors.joining(", ", ":destination in (", ")"));
    private static final String LATER = """
            SELECT d.id FROM delivery d JOIN unnest($1::uuid[], $2::bigint[]) AS k (id, version) ON d.id = k.id WHERE d.version > k.version
            """;
    private static final int AT_ONCE = 8;
    private static final int WAITING = 200;

    private final EntityTransactions transactions;
    private final Transactions plain;
    private final Guard bulkhead = Guard.create()
            .withBulkhead()
            .limit(AT_ONCE)
            .queueSize(WAITING)
            .done()
            .build();

    public DeliveryReader(Mutiny.SessionFactory sessions, Transactions plain) {
        this.transactions = new EntityTransactions(sessions);
        this.plain = plain;
    }

    public Uni<Optional<Attempted>> find(String tenant, UUID id) {
        return read(session -> session.find(DeliveryRow.class, id)
                        .chain(row -> row == null || !row.tenant.equals(tenant)
                                ? Uni.createFrom().item(List.<Attempted>of())
                                : withAttempts(session, List.of(row))))
                .map(found -> found.stream().findFirst());
    }

    public Uni<List<Attempted>> list(Filter filter) {
        return read(session -> query(session, filter).getResultList().chain(rows -> withAttempts(session, rows)));
    }

    /** Those of these that are in a later version than the one beside them, as they are. */
    public Uni<List<Attempted>> findLater(List<Map.Entry<UUID, Long>> seen) {
        var columns = Columns.of(seen).uuids(Map.Entry::getKey).longs(Map.Entry::getValue);
        return plain.list(LATER, columns.tuple(), row -> row.getUUID("id"))
                .chain(ids -> ids.isEmpty() ? Uni.createFrom().item(List.of()) : ofIds(ids));
    }

    private Uni<List<Attempted>> ofIds(List<UUID> ids) {
        return read(session -> session.createSelectionQuery("from DeliveryRow where id in :ids", DeliveryRow.class)
                .setParameter("ids", ids)
                .getResultList()
                .chain(rows -> withAttempts(session, rows)));
    }

    private Uni<List<Attempted>> read(Function<Mutiny.Session, Uni<List<Attempted>>> work) {
        return bulkhead.get(() -> transactions.read(work), new TypeLiteral<Uni<List<Attempted>>>() {})
                .onFailure(BulkheadException.class)
                .transform(refused -> new Overloaded("More than %d reads wait".formatted(WAITING)));
    }

    private static Mutiny.SelectionQuery<DeliveryRow> query(Mutiny.Session session, Filter filter) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        var conditions = new ArrayList<String>();
        condition(conditions, parameters, "tenant = :tenant", "tenant", filter.tenant);
        condition(conditions, parameters, "messageId = :messageId", "messageId", filter.messageId);
        condition(conditions, parameters, "status = :status", "status", filter.status);
        condition(conditions, parameters, "channel = :channel", "channel", filter.channel);
        condition(conditions, parameters, OF_DESTINATION, "destination", filter.destination);
        condition(conditions, parameters, "dueAt >= :from", "from", filter.from);
        condition(conditions, parameters, "dueAt < :to", "to", filter.to);
        condition(conditions, parameters, "id < :before", "before", filter.before);
        var query = session.createSelectionQuery(
                "from DeliveryRow where " + String.join(" and ", conditions) + " order by id desc", DeliveryRow.class);
        parameters.forEach(query::setParameter);
        return query.setMaxResults(filter.limit);
    }

    private static void condition(
            List<String> conditions, Map<String, Object> parameters, String text, String name, @Nullable Object value) {
        if (value != null) {
            conditions.add(text);
            parameters.put(name, value);
        }
    }

    private static Uni<List<Attempted>> withAttempts(Mutiny.Session session, List<DeliveryRow> rows) {
        if (rows.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        return session.createSelectionQuery(
                        "from AttemptRow where deliveryId in :ids order by deliveryId, number", AttemptRow.class)
                .setParameter("ids", rows.stream().map(row -> row.id).toList())
                .getResultList()
                .map(attempts -> attempts.stream().collect(Collectors.groupingBy(attempt -> attempt.deliveryId)))
                .map(attempts -> rows.stream()
                        .map(row -> new Attempted(row, attempts.getOrDefault(row.id, List.of())))
                        .toList());
    }
}
