package dev.carillon.delivery.attempt.store;

import dev.carillon.delivery.attempt.AttemptResult;
import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.delivery.attempt.DeliveryStatus;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.tx.Columns;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The hot statement groups over deliveries and attempts: one statement for any number of rows. */
@ApplicationScoped
public class DeliveryStore {
    private static final String INSERT = """
            INSERT INTO delivery (id, tenant, message_id, generation, status, version, channel, destination, content, due_at, expires_at,
                                  ordering_key, attempt_at, ended_at, traceparent, tracestate, created_at)
            SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::int[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::text[],
                                 $10::timestamptz[], $11::timestamptz[], $12::text[], $13::timestamptz[], $14::timestamptz[], $15::text[],
                                 $16::text[], $17::timestamptz[])
            ON CONFLICT (message_id, generation) DO NOTHING
            RETURNING id
            """;
    private static final String SAVE = """
            UPDATE delivery d SET status = n.status, version = n.version, attempts = n.attempts, attempt_at = n.attempt_at,
                   possibly_delivered = n.possibly_delivered, fired_at = n.fired_at, ended_at = n.ended_at, error = n.error
            FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::int[], $5::timestamptz[], $6::boolean[], $7::timestamptz[],
                        $8::timestamptz[], $9::text[])
                 AS n (id, status, version, attempts, attempt_at, possibly_delivered, fired_at, ended_at, error)
            WHERE d.id = n.id
            """;
    // In the order of ids, so that two that lock several never wait for each other.
    private static final String LOCK = "SELECT * FROM delivery WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE";
    private static final String LOCK_OF_TENANT = "SELECT * FROM delivery WHERE id = $1 AND tenant = $2 FOR UPDATE";
    private static final String LOCK_GENERATIONS = """
            SELECT d.* FROM delivery d
            JOIN unnest($1::uuid[], $2::int[]) AS k (message_id, generation) USING (message_id, generation)
            ORDER BY d.id FOR UPDATE OF d
            """;
    private static final String BLOCKED = """
            SELECT d.id FROM delivery d
            WHERE d.id = ANY($1::uuid[]) AND d.ordering_key IS NOT NULL AND EXISTS (
                SELECT FROM delivery e
                WHERE e.tenant = d.tenant AND e.ordering_key = d.ordering_key AND e.status IN ('pending', 'waiting', 'in-flight')
                  AND (e.due_at, e.id) < (d.due_at, d.id))
            """;
    private static final String NEXT_OF_KEYS = """
            SELECT DISTINCT ON (d.tenant, d.ordering_key) d.* FROM delivery d
            JOIN (SELECT DISTINCT * FROM unnest($1::text[], $2::text[])) AS k (tenant, ordering_key) USING (tenant, ordering_key)
            WHERE d.status IN ('pending', 'waiting')
            ORDER BY d.tenant, d.ordering_key, d.due_at, d.id
            """;
    private static final String BEGIN =
            "INSERT INTO attempt (delivery_id, number, started_at) SELECT * FROM unnest($1::uuid[], $2::int[], $3::timestamptz[])";
    private static final String RECORD = """
            UPDATE attempt a SET started_at = n.started_at, duration_micros = n.duration_micros, outcome = n.outcome, reason = n.reason,
                   provider_status = n.provider_status, error = n.error, response_excerpt = n.response_excerpt, trace_id = n.trace_id,
                   next_attempt_at = n.next_attempt_at
            FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::bigint[], $5::text[], $6::text[], $7::int[], $8::text[], $9::text[],
                        $10::text[], $11::timestamptz[])
                 AS n (delivery_id, number, started_at, duration_micros, outcome, reason, provider_status, error, response_excerpt,
                       trace_id, next_attempt_at)
            WHERE a.delivery_id = n.delivery_id AND a.number = n.number
            """;

    /** Those of them that were not there; the rest is left as it is. */
    public Uni<Set<UUID>> insert(Tx tx, List<StoredDelivery> deliveries, Instant now) {
        if (deliveries.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        var columns = Columns.of(deliveries)
                .uuids(StoredDelivery::id)
                .texts(d -> d.delivery().tenant())
                .uuids(d -> d.delivery().messageId())
                .integers(d -> d.delivery().generation())
                .texts(d -> d.delivery().status().wireName())
                .longs(d -> d.delivery().version())
                .texts(d -> d.delivery().channel())
                .texts(StoredDelivery::destination)
                .texts(StoredDelivery::content)
                .instants(d -> d.delivery().dueAt())
                .instants(d -> d.delivery().expiresAt())
                .texts(d -> d.delivery().orderingKey())
                .instants(d -> d.delivery().attemptAt())
                .instants(d -> d.delivery().endedAt())
                .texts(d -> d.trace().traceparent())
                .texts(d -> d.trace().tracestate())
                .instants(d -> now);
        return tx.list(INSERT, columns.tuple(), row -> row.getUUID("id")).map(HashSet::new);
    }

    /** Writes what can change. The rows must be locked by this transaction. */
    public Uni<Void> save(Tx tx, List<Delivery> deliveries) {
        if (deliveries.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var columns = Columns.of(deliveries)
                .uuids(Delivery::id)
                .texts(d -> d.status().wireName())
                .longs(Delivery::version)
                .integers(Delivery::attempts)
                .instants(Delivery::attemptAt)
                .booleans(Delivery::possiblyDelivered)
                .instants(Delivery::firedAt)
                .instants(Delivery::endedAt)
                .texts(Delivery::error);
        return tx.run(SAVE, columns.tuple()).replaceWithVoid();
    }

    /** Those that exist, locked until the transaction ends, in the order of their ids. */
    public Uni<List<StoredDelivery>> lock(Tx tx, List<UUID> ids) {
        return tx.list(LOCK, Tuple.of(ids.stream().distinct().toArray(UUID[]::new)), DeliveryStore::read);
    }

    public Uni<Optional<StoredDelivery>> lock(Tx tx, String tenant, UUID id) {
        return tx.list(LOCK_OF_TENANT, Tuple.of(id, tenant), DeliveryStore::read)
                .map(found -> found.stream().findFirst());
    }

    /** Those that exist, locked until the transaction ends. */
    public Uni<List<StoredDelivery>> lockGenerations(Tx tx, List<MessageGeneration> generations) {
        var columns =
                Columns.of(generations).uuids(MessageGeneration::messageId).integers(MessageGeneration::generation);
        return tx.list(LOCK_GENERATIONS, columns.tuple(), DeliveryStore::read);
    }

    /** Those of {@code ids} that an earlier open delivery of their ordering key stands before. */
    public Uni<Set<UUID>> blocked(Tx tx, List<UUID> ids) {
        return ids.isEmpty()
                ? Uni.createFrom().item(Set.of())
                : tx.list(BLOCKED, Tuple.of(ids.toArray(UUID[]::new)), row -> row.getUUID("id"))
                        .map(HashSet::new);
    }

    /** The delivery that is next, of each ordering key that these have. */
    public Uni<List<StoredDelivery>> nextOfKeys(Tx tx, List<Delivery> ended) {
        var keyed = ended.stream().filter(one -> one.orderingKey() != null).toList();
        return keyed.isEmpty()
                ? Uni.createFrom().item(List.of())
                : tx.list(
                        NEXT_OF_KEYS,
                        Columns.of(keyed)
                                .texts(Delivery::tenant)
                                .texts(Delivery::orderingKey)
                                .tuple(),
                        DeliveryStore::read);
    }

    /** Opens an attempt of each: the intent that is there before any call. */
    public Uni<Void> begin(Tx tx, List<Delivery> inFlight) {
        if (inFlight.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var columns = Columns.of(inFlight)
                .uuids(Delivery::id)
                .integers(Delivery::attempts)
                .instants(Delivery::attemptAt);
        return tx.run(BEGIN, columns.tuple()).replaceWithVoid();
    }

    /** A result and when its delivery is tried again, if it is. */
    public record Recorded(AttemptResult result, @Nullable Instant nextAttemptAt) {}

    /** Closes attempts. One that was taken for unknown gets its late result. */
    public Uni<Void> record(Tx tx, List<Recorded> results) {
        if (results.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var columns = Columns.of(results)
                .uuids(r -> r.result.deliveryId())
                .integers(r -> r.result.number())
                .instants(r -> r.result.startedAt())
                .longs(r -> r.result.duration().toNanos() / 1_000)
                .texts(r -> r.result.outcome().wireName())
                .texts(r -> r.result.reason())
                .integers(r -> r.result.providerStatus())
                .texts(r -> r.result.error())
                .texts(r -> r.result.responseExcerpt())
                .texts(r -> r.result.traceId())
                .instants(Recorded::nextAttemptAt);
        return tx.run(RECORD, columns.tuple()).replaceWithVoid();
    }

    private static StoredDelivery read(Row row) {
        var delivery = new Delivery(
                row.getUUID("id"),
                row.getString("tenant"),
                row.getUUID("message_id"),
                row.getInteger("generation"),
                DeliveryStatus.of(row.getString("status")),
                row.getLong("version"),
                row.getString("channel"),
                row.getOffsetDateTime("due_at").toInstant(),
                instant(row, "expires_at"),
                row.getString("ordering_key"),
                row.getInteger("attempts"),
                row.getOffsetDateTime("attempt_at").toInstant(),
                row.getBoolean("possibly_delivered"),
                instant(row, "fired_at"),
                instant(row, "ended_at"),
                row.getString("error"));
        return new StoredDelivery(
                delivery,
                row.getString("destination"),
                row.getString("content"),
                new TraceContext(row.getString("traceparent"), row.getString("tracestate")));
    }

    private static @Nullable Instant instant(Row row, String column) {
        var value = row.getOffsetDateTime(column);
        return value == null ? null : value.toInstant();
    }
}
