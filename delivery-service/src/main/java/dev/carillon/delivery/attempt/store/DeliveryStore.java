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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The hot statement groups over deliveries and attempts: one statement for any number of rows. Their plans are made once for a connection, perhaps while the
 * tables are empty, and are to do when these are large: each statement is written so that every row of the two tables is looked up by an index.
 */
@ApplicationScoped
public class DeliveryStore {
    // OFFSET 0: one look by the index for each row, and no join, which may be by a hash of all deliveries.
    private static final String INSERT = """
            INSERT INTO delivery (id, tenant, message_id, generation, status, version, channel, destination, content, due_at, expires_at,
                                  ordering_key, attempt_at, ended_at, traceparent, tracestate, created_at)
            SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::int[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::text[],
                                 $10::timestamptz[], $11::timestamptz[], $12::text[], $13::timestamptz[], $14::timestamptz[], $15::text[],
                                 $16::text[], $17::timestamptz[])
                 AS n (id, tenant, message_id, generation, status, version, channel, destination, content, due_at, expires_at, ordering_key,
                       attempt_at, ended_at, traceparent, tracestate, created_at)
            WHERE NOT EXISTS (SELECT FROM delivery d WHERE d.message_id = n.message_id AND d.generation > n.generation OFFSET 0)
            ON CONFLICT (message_id, generation) DO NOTHING
            RETURNING id
            """;
    private static final String SAVE = """
            UPDATE delivery d SET status = n.status, version = n.version, attempts = n.attempts, attempt_at = n.attempt_at,
                   possibly_delivered = n.possibly_delivered, fired_at = n.fired_at, ended_at = n.ended_at, error = n.error,
                   held_since = n.held_since, on_request = n.on_request
            FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::int[], $5::timestamptz[], $6::boolean[], $7::timestamptz[],
                        $8::timestamptz[], $9::text[], $10::timestamptz[], $11::boolean[])
                 AS n (id, status, version, attempts, attempt_at, possibly_delivered, fired_at, ended_at, error, held_since, on_request)
            WHERE d.id = n.id
            """;
    // All but destination and content, which may be large and only a call needs. Unknown outcomes are counted where
    // there can be one.
    private static final String STATE = """
            d.id, d.tenant, d.message_id, d.generation, d.status, d.version, d.channel, d.due_at, d.expires_at, d.ordering_key, d.attempts,
            d.attempt_at, d.possibly_delivered, d.fired_at, d.ended_at, d.error, d.held_since, d.on_request, d.traceparent, d.tracestate,
            CASE WHEN d.possibly_delivered
                 THEN (SELECT count(*)::int FROM attempt a WHERE a.delivery_id = d.id AND a.outcome = 'unknown') ELSE 0 END AS unknown_outcomes""";
    // In the order of ids, so that two that lock several never wait for each other.
    private static final String LOCK =
            "SELECT " + STATE + " FROM delivery d WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE";
    // The size of a content is known without reading it.
    private static final String LOCK_DUE = "SELECT " + STATE + """
            , d.destination, octet_length(d.content) AS content_bytes FROM delivery d WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE
            """;
    private static final String LOCK_OF_TENANT =
            "SELECT " + STATE + " FROM delivery d WHERE id = $1 AND tenant = $2 FOR UPDATE";
    private static final String LOCK_GENERATIONS = "SELECT " + STATE + """
             FROM delivery d
            JOIN unnest($1::uuid[], $2::int[]) AS k (message_id, generation) USING (message_id, generation)
            ORDER BY d.id FOR UPDATE OF d
            """;
    // A key is locked by a number, since it has no row of its own; two keys of one number merely wait for each other.
    private static final String LOCK_KEYS = """
            SELECT pg_advisory_xact_lock(k.number) FROM (
                SELECT DISTINCT hashtextextended(tenant || E'\\n' || key, 0) AS number FROM unnest($1::text[], $2::text[]) AS o (tenant, key)
                ORDER BY number) k
            """;
    // Two questions, and not one with an OR, which would read all that waits for the key: the first ends at the first
    // row that is earlier, and the second goes by an index that has at most one row of each key.
    private static final String BLOCKED = """
            SELECT d.id FROM delivery d
            WHERE d.id = ANY($1::uuid[]) AND d.ordering_key IS NOT NULL AND (
                EXISTS (
                    SELECT FROM delivery e
                    WHERE e.tenant = d.tenant AND e.ordering_key = d.ordering_key AND e.status IN ('pending', 'waiting', 'in-flight')
                      AND (e.due_at, e.id) < (d.due_at, d.id) OFFSET 0)
                OR EXISTS (
                    SELECT FROM delivery e
                    WHERE e.tenant = d.tenant AND e.ordering_key = d.ordering_key AND e.status = 'in-flight' AND e.id <> d.id OFFSET 0))
            """;
    // The first row of each key, however many wait behind it.
    private static final String NEXT_OF_KEYS = "SELECT " + STATE + """
             FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::text[])) AS k (tenant, ordering_key)
            CROSS JOIN LATERAL (
                SELECT * FROM delivery e
                WHERE e.tenant = k.tenant AND e.ordering_key = k.ordering_key AND e.status IN ('pending', 'waiting')
                ORDER BY e.due_at, e.id LIMIT 1) AS d
            """;
    // As the index of held deliveries has it.
    private static final String HELD_FOR =
            "SELECT d.id FROM delivery d WHERE d.status = 'held' AND (d.destination::jsonb ->> 'endpointId') = $1"
                    + " ORDER BY d.due_at, d.id LIMIT $2";
    private static final String BEGIN_FIRST = """
            WITH begun AS (
                INSERT INTO attempt (delivery_id, number, started_at) SELECT * FROM unnest($1::uuid[], $2::int[], $3::timestamptz[]))
            SELECT id, destination, content, again_traceparent, NULL AS trace_id, NULL AS span_id FROM delivery WHERE id = ANY($1)
            """;
    // With the attempt before; to ask for it costs first attempts something.
    private static final String BEGIN_ANY = """
            WITH begun AS (
                INSERT INTO attempt (delivery_id, number, started_at) SELECT * FROM unnest($1::uuid[], $2::int[], $3::timestamptz[]))
            SELECT d.id, d.destination, d.content, d.again_traceparent, a.trace_id, a.span_id
            FROM delivery d LEFT JOIN attempt a ON a.delivery_id = d.id AND a.number = d.attempts - 1
            WHERE d.id = ANY($1)
            """;
    private static final String SAVE_WISH = "UPDATE delivery SET again_traceparent = $2 WHERE id = ANY($1::uuid[])";
    private static final String RECORD = """
            UPDATE attempt a SET started_at = n.started_at, duration_micros = n.duration_micros, outcome = n.outcome, reason = n.reason,
                   provider_status = n.provider_status, error = n.error, response_excerpt = n.response_excerpt, trace_id = n.trace_id,
                   span_id = n.span_id,
                   next_attempt_at = coalesce(n.next_attempt_at, a.next_attempt_at)
            FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::bigint[], $5::text[], $6::text[], $7::int[], $8::text[], $9::text[],
                        $10::text[], $11::text[], $12::timestamptz[])
                 AS n (delivery_id, number, started_at, duration_micros, outcome, reason, provider_status, error, response_excerpt,
                       trace_id, span_id, next_attempt_at)
            WHERE a.delivery_id = n.delivery_id AND a.number = n.number
            """;
    private static final String WITHDRAW = """
            DELETE FROM attempt a USING unnest($1::uuid[], $2::int[]) AS n (delivery_id, number)
            WHERE a.delivery_id = n.delivery_id AND a.number = n.number AND a.outcome IS NULL
            """;

    /** Those of them that were not there, nor a later generation of their message; the rest is left as it is. */
    public Uni<Set<UUID>> insert(Tx tx, List<Consignment> deliveries, Instant now) {
        if (deliveries.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        var columns = Columns.of(deliveries)
                .uuids(Consignment::id)
                .texts(d -> d.delivery().tenant())
                .uuids(d -> d.delivery().messageId())
                .integers(d -> d.delivery().generation())
                .texts(d -> d.delivery().status().wireName())
                .longs(d -> d.delivery().version())
                .texts(d -> d.delivery().channel())
                .texts(Consignment::destination)
                .texts(Consignment::content)
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
                .texts(Delivery::error)
                .instants(Delivery::heldSince)
                .booleans(Delivery::onRequest);
        return tx.run(SAVE, columns.tuple()).replaceWithVoid();
    }

    /** Those that exist, locked until the transaction ends, in the order of their ids. */
    public Uni<List<StoredDelivery>> lock(Tx tx, List<UUID> ids) {
        return tx.list(LOCK, Tuple.of(ids.stream().distinct().toArray(UUID[]::new)), DeliveryStore::read);
    }

    /** As {@link #lock(Tx, List)}, for those whose timers fired, with what permits are decided by. */
    public Uni<List<DueDelivery>> lockDue(Tx tx, List<UUID> ids) {
        return tx.list(
                LOCK_DUE,
                Tuple.of(ids.stream().distinct().toArray(UUID[]::new)),
                row -> new DueDelivery(read(row), row.getString("destination"), row.getInteger("content_bytes")));
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

    /**
     * Locks the ordering keys of these until the transaction ends: whoever begins or ends a delivery of a key does it alone. To be taken after the
     * deliveries' own locks and before any timer's.
     */
    public Uni<Void> lockKeys(Tx tx, List<StoredDelivery> deliveries) {
        var keyed = keyed(deliveries.stream().map(StoredDelivery::delivery));
        return keyed.isEmpty()
                ? Uni.createFrom().voidItem()
                : tx.run(LOCK_KEYS, keys(keyed)).replaceWithVoid();
    }

    /** Those that another one of their ordering key stands before: an earlier one that is open, or any that is in flight. */
    public Uni<Set<UUID>> blocked(Tx tx, List<StoredDelivery> deliveries) {
        var keyed = keyed(deliveries.stream().map(StoredDelivery::delivery));
        var ids = keyed.stream().map(Delivery::id).toArray(UUID[]::new);
        return keyed.isEmpty()
                ? Uni.createFrom().item(Set.of())
                : tx.list(BLOCKED, Tuple.of(ids), row -> row.getUUID("id")).map(HashSet::new);
    }

    /** The delivery that is next, of each ordering key that these have. */
    public Uni<List<Delivery>> nextOfKeys(Tx tx, List<Delivery> deliveries) {
        var keyed = keyed(deliveries.stream());
        return keyed.isEmpty()
                ? Uni.createFrom().item(List.of())
                : tx.list(NEXT_OF_KEYS, keys(keyed), row -> read(row).delivery());
    }

    /** Up to {@code limit} that are held for an endpoint, in the order in which those of an ordering key are attempted; not locked. */
    public Uni<List<UUID>> heldFor(Tx tx, UUID endpointId, int limit) {
        return tx.list(HELD_FOR, Tuple.of(endpointId.toString(), limit), row -> row.getUUID("id"));
    }

    /** Opens an attempt of each, the intent that is there before any call, and reads what the calls need. */
    public Uni<List<Consignment>> begin(Tx tx, List<StoredDelivery> inFlight) {
        if (inFlight.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        var byId = inFlight.stream().collect(Collectors.toMap(StoredDelivery::id, Function.identity()));
        var columns = Columns.of(inFlight)
                .uuids(StoredDelivery::id)
                .integers(one -> one.delivery().attempts())
                .instants(one -> one.delivery().attemptAt());
        boolean first = inFlight.stream().allMatch(one -> one.delivery().attempts() == 1);
        return tx.list(first ? BEGIN_FIRST : BEGIN_ANY, columns.tuple(), row -> {
            var stored = Objects.requireNonNull(byId.get(row.getUUID("id")));
            return new Consignment(
                    stored.delivery(),
                    stored.trace(),
                    row.getString("destination"),
                    row.getString("content"),
                    causes(row));
        });
    }

    private static List<TraceContext> causes(Row row) {
        return Stream.of(
                        TraceContext.of(row.getString("trace_id"), row.getString("span_id")),
                        new TraceContext(row.getString("again_traceparent"), null))
                .filter(one -> one.traceparent() != null)
                .toList();
    }

    /** Keeps whose wish their next attempts come of. The rows must be locked by this transaction. */
    public Uni<Void> saveWish(Tx tx, List<Delivery> deliveries, TraceContext wish) {
        var ids = deliveries.stream().map(Delivery::id).toArray(UUID[]::new);
        return tx.run(SAVE_WISH, Tuple.of(ids, wish.traceparent())).replaceWithVoid();
    }

    /** A result and when its delivery is tried again, if it is. */
    public record Recorded(AttemptResult result, @Nullable Instant nextAttemptAt) {}

    /** Closes attempts. One that was taken for unknown gets its late result. */
    public Uni<Void> record(Tx tx, List<Recorded> results) {
        if (results.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var columns = Columns.of(results)
                .uuids(r -> r.result.call().deliveryId())
                .integers(r -> r.result.call().number())
                .instants(r -> r.result.call().startedAt())
                .longs(r -> r.result.call().duration().toNanos() / 1_000)
                .texts(r -> r.result.outcome().wireName())
                .texts(r -> r.result.reason())
                .integers(r -> r.result.providerStatus())
                .texts(r -> r.result.error())
                .texts(r -> r.result.responseExcerpt())
                .texts(r -> r.result.call().traceId())
                .texts(r -> r.result.call().spanId())
                .instants(Recorded::nextAttemptAt);
        return tx.run(RECORD, columns.tuple()).replaceWithVoid();
    }

    /** An attempt of a delivery, from 1. */
    public record AttemptId(UUID deliveryId, int number) {}

    /** Takes intents back that no call followed. */
    public Uni<Void> withdraw(Tx tx, List<AttemptId> attempts) {
        if (attempts.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var columns = Columns.of(attempts).uuids(AttemptId::deliveryId).integers(AttemptId::number);
        return tx.run(WITHDRAW, columns.tuple()).replaceWithVoid();
    }

    private static List<Delivery> keyed(Stream<Delivery> deliveries) {
        return deliveries.filter(one -> one.orderingKey() != null).toList();
    }

    private static Tuple keys(List<Delivery> keyed) {
        return Columns.of(keyed)
                .texts(Delivery::tenant)
                .texts(Delivery::orderingKey)
                .tuple();
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
                row.getInteger("unknown_outcomes"),
                row.getOffsetDateTime("attempt_at").toInstant(),
                row.getBoolean("possibly_delivered"),
                instant(row, "fired_at"),
                instant(row, "ended_at"),
                row.getString("error"),
                instant(row, "held_since"),
                row.getBoolean("on_request"));
        return new StoredDelivery(
                delivery, new TraceContext(row.getString("traceparent"), row.getString("tracestate")));
    }

    private static @Nullable Instant instant(Row row, String column) {
        var value = row.getOffsetDateTime(column);
        return value == null ? null : value.toInstant();
    }
}
