package dev.carillon.scheduler.message.store;

import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.tx.Columns;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.message.Message;
import dev.carillon.scheduler.message.Progress;
import dev.carillon.scheduler.message.Source;
import dev.carillon.scheduler.message.Status;
import dev.carillon.scheduler.message.Terms;
import dev.carillon.scheduler.message.Timing;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Messages in PostgreSQL. */
@ApplicationScoped
public class MessageStore {
    private static final String INSERT = """
            INSERT INTO message (id, tenant, status, revision, version, generation, channel, recipient, content, due_at, local_due_at, zone,
                                 tzdb_version, expires_at, ordering_key, on_failure, metadata, source_type, source_id, traceparent,
                                 tracestate, created_at, staged_at)
            SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::bigint[], $6::int[], $7::text[], $8::text[], $9::text[],
                                 $10::timestamptz[], $11::timestamp[], $12::text[], $13::text[], $14::timestamptz[], $15::text[],
                                 $16::text[], $17::text[], $18::text[], $19::text[], $20::text[], $21::text[], $22::timestamptz[],
                                 $23::timestamptz[])
            """;
    // Here and below each by the primary key, by which a join alone does not go for sure: plans are made while the
    // table may be empty.
    private static final String SAVE = """
            UPDATE message m SET status = n.status, revision = n.revision, version = n.version, generation = n.generation,
                   staged_at = n.staged_at, delivery_version = n.delivery_version, delivery_id = n.delivery_id,
                   accepted_at = n.accepted_at, attempts = n.attempts, possibly_delivered = n.possibly_delivered, fired_at = n.fired_at,
                   next_attempt_at = n.next_attempt_at, delivered_at = n.delivered_at, ended_at = n.ended_at, error = n.error,
                   unwanted = n.unwanted, edit = n.edit
            FROM unnest($1::uuid[], $2::text[], $3::int[], $4::bigint[], $5::int[], $6::timestamptz[], $7::bigint[], $8::uuid[],
                        $9::timestamptz[], $10::int[], $11::boolean[], $12::timestamptz[], $13::timestamptz[], $14::timestamptz[],
                        $15::timestamptz[], $16::text[], $17::boolean[], $18::text[])
                 AS n (id, status, revision, version, generation, staged_at, delivery_version, delivery_id, accepted_at, attempts,
                       possibly_delivered, fired_at, next_attempt_at, delivered_at, ended_at, error, unwanted, edit)
            WHERE m.id = n.id AND m.id = ANY($1::uuid[])
            """;
    // In the order of ids, so that two that lock several never wait for each other.
    private static final String LOCK = "SELECT * FROM message WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE";
    private static final String LOCK_OF_TENANT = "SELECT * FROM message WHERE id = $1 AND tenant = $2 FOR UPDATE";
    private static final String LOCK_OF_BOOKINGS = """
            SELECT * FROM message
            WHERE source_type = 'booking' AND source_id = ANY($1::text[]) AND status NOT IN ('delivered', 'expired', 'cancelled')
            ORDER BY id FOR UPDATE
            """;
    private static final String SAVE_TERMS = """
            UPDATE message m SET content = n.content, due_at = n.due_at, local_due_at = n.local_due_at, zone = n.zone,
                   tzdb_version = n.tzdb_version, expires_at = n.expires_at, metadata = n.metadata
            FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamp[], $5::text[], $6::text[], $7::timestamptz[],
                        $8::text[])
                 AS n (id, content, due_at, local_due_at, zone, tzdb_version, expires_at, metadata)
            WHERE m.id = n.id AND m.id = ANY($1::uuid[])
            """;
    private static final String FIND = "SELECT * FROM message WHERE id = ANY($1::uuid[]) AND tenant = $2";
    private static final String LATER =
            "SELECT m.* FROM message m JOIN unnest($1::uuid[], $2::bigint[]) AS s (id, seen) ON m.id = s.id"
                    + " WHERE m.id = ANY($1::uuid[]) AND m.version > s.seen";
    private static final String RECALLED = "SELECT * FROM message WHERE id = ANY($1::uuid[]) AND status <> 'recalling'";
    // What has an index for each of its sources; the literal lets a plan use it.
    private static final Map<String, String> OF_INDEXED_SOURCES =
            Map.of("schedule", "source_type = 'schedule'", "booking", "source_type = 'booking'");

    // A page ends early when its contents are large: an answer is made in memory, and many may be made at once.
    private static final int LARGEST_PAGE = 4 << 20;
    private static final String PAGE = """
            SELECT n.* FROM (
                SELECT m.*, sum(octet_length(m.content)) OVER (ORDER BY m.id DESC) - octet_length(m.content) AS bytes_before,
                       count(*) OVER () AS found
                FROM (%s) m) n
            WHERE n.bytes_before < %d ORDER BY n.id DESC
            """;
    private static final String SIZES =
            "SELECT id, octet_length(content) AS bytes FROM message WHERE id = ANY($1::uuid[])";

    private final MessageJson json;
    private final Transactions transactions;

    public MessageStore(MessageJson json, Transactions transactions) {
        this.json = json;
        this.transactions = transactions;
    }

    /** A page of a list, and whether there is another. */
    public record Listed(List<TracedMessage> messages, boolean more) {}

    public Uni<Void> insert(Tx tx, List<TracedMessage> messages) {
        if (messages.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var columns = Columns.of(messages)
                .uuids(TracedMessage::id)
                .texts(m -> m.message().tenant())
                .texts(m -> m.message().status().wireName())
                .integers(m -> m.message().revision())
                .longs(m -> m.message().version())
                .integers(m -> m.message().generation())
                .texts(m -> m.message().to().channel())
                .texts(m -> json.text(json.recipient(m.message().to())))
                .texts(m -> json.text(json.stored(m.message().content())))
                .instants(m -> m.message().timing().dueAt())
                .locals(m -> m.message().timing().local())
                .texts(m -> m.message().timing().zone().getId())
                .texts(m -> m.message().timing().tzdbVersion())
                .instants(m -> m.message().expiresAt())
                .texts(m -> m.message().orderingKey())
                .texts(m -> onFailure(m.message()))
                .texts(m -> m.message().metadata().isEmpty()
                        ? null
                        : json.text(m.message().metadata()))
                .texts(m -> m.message().source().type())
                .texts(m -> m.message().source().id())
                .texts(m -> m.trace().traceparent())
                .texts(m -> m.trace().tracestate())
                .instants(m -> m.message().createdAt())
                .instants(m -> m.message().stagedAt());
        return tx.run(INSERT, columns.tuple()).replaceWithVoid();
    }

    /** Writes what can change. The rows must be locked by this transaction. */
    public Uni<Void> save(Tx tx, List<Message> messages) {
        if (messages.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var columns = Columns.of(messages)
                .uuids(Message::id)
                .texts(m -> m.status().wireName())
                .integers(Message::revision)
                .longs(Message::version)
                .integers(Message::generation)
                .instants(Message::stagedAt)
                .longs(m -> m.progress().deliveryVersion())
                .uuids(m -> m.progress().deliveryId())
                .instants(m -> m.progress().acceptedAt())
                .integers(m -> m.progress().attempts())
                .booleans(m -> m.progress().possiblyDelivered())
                .instants(m -> m.progress().firedAt())
                .instants(m -> m.progress().nextAttemptAt())
                .instants(m -> m.progress().deliveredAt())
                .instants(m -> m.progress().endedAt())
                .texts(m -> m.progress().error())
                .booleans(Message::unwanted)
                .texts(m -> m.edit() == null ? null : json.text(json.terms(m.edit())));
        return tx.run(SAVE, columns.tuple()).replaceWithVoid();
    }

    /** Writes what its client has changed of a message. The rows must be locked by this transaction. */
    public Uni<Void> saveTerms(Tx tx, List<Message> messages) {
        if (messages.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var columns = Columns.of(messages)
                .uuids(Message::id)
                .texts(m -> json.text(json.stored(m.content())))
                .instants(m -> m.timing().dueAt())
                .locals(m -> m.timing().local())
                .texts(m -> m.timing().zone().getId())
                .texts(m -> m.timing().tzdbVersion())
                .instants(Message::expiresAt)
                .texts(m -> m.metadata().isEmpty() ? null : json.text(m.metadata()));
        return tx.run(SAVE_TERMS, columns.tuple()).replaceWithVoid();
    }

    /** Those that exist, locked until the transaction ends, in the order of their ids. */
    public Uni<List<TracedMessage>> lock(Tx tx, List<UUID> ids) {
        return tx.list(LOCK, Tuple.of(ids.stream().distinct().toArray(UUID[]::new)), this::read);
    }

    public Uni<Optional<TracedMessage>> lock(Tx tx, String tenant, UUID id) {
        return tx.list(LOCK_OF_TENANT, Tuple.of(id, tenant), this::read)
                .map(found -> found.stream().findFirst());
    }

    /** Those of the bookings from which an attempt may still come, a redriven failure's among them; locked like {@link #lock(Tx, List)}. */
    public Uni<List<TracedMessage>> lockOfBookings(Tx tx, List<UUID> ids) {
        return tx.list(
                LOCK_OF_BOOKINGS, Tuple.of(ids.stream().map(UUID::toString).toArray(String[]::new)), this::read);
    }

    public Uni<Optional<TracedMessage>> find(String tenant, UUID id) {
        return find(tenant, List.of(id)).map(found -> found.stream().findFirst());
    }

    /** Those that the tenant has, in no order. */
    public Uni<List<TracedMessage>> find(String tenant, List<UUID> ids) {
        return transactions.list(FIND, Tuple.of(ids.toArray(UUID[]::new), tenant), this::read);
    }

    /** Those whose version is above the one that was seen. */
    public Uni<List<TracedMessage>> findLater(List<Map.Entry<UUID, Long>> seen) {
        return transactions.list(
                LATER,
                Columns.of(seen)
                        .uuids(Map.Entry::getKey)
                        .longs(Map.Entry::getValue)
                        .tuple(),
                this::read);
    }

    /** Those of {@code ids} that are not being recalled any more. */
    public Uni<List<TracedMessage>> findDecided(List<UUID> ids) {
        return transactions.list(RECALLED, Tuple.of(ids.toArray(UUID[]::new)), this::read);
    }

    /** The newest first, at most as many as the filter says; fewer when they are large. */
    public Uni<Listed> list(MessageFilter filter) {
        var parameters = Tuple.tuple();
        return transactions
                .list(page(filter, parameters), parameters, row -> Map.entry(read(row), row.getLong("found")))
                .map(rows -> listed(rows, filter.limit()));
    }

    /**
     * The statement for a page, whose parameters are added. It has only the conditions that are wanted: a plan is made before the parameters are known, and
     * one for conditions that may not be there reads all of a tenant's messages.
     */
    static String page(MessageFilter filter, Tuple parameters) {
        var conditions = new ArrayList<String>();
        condition(conditions, parameters, "tenant = ", filter.tenant());
        condition(conditions, parameters, "status = ", filter.status());
        condition(conditions, parameters, "channel = ", filter.channel());
        condition(conditions, parameters, "due_at >= ", utc(filter.dueFrom()));
        condition(conditions, parameters, "due_at < ", utc(filter.dueTo()));
        condition(conditions, parameters, "ordering_key = ", filter.orderingKey());
        source(conditions, parameters, filter.sourceType());
        condition(conditions, parameters, "source_id = ", filter.sourceId());
        condition(conditions, parameters, "id < ", filter.before());
        parameters.addInteger(filter.limit() + 1);
        var list = "SELECT * FROM message WHERE " + String.join(" AND ", conditions) + " ORDER BY id DESC LIMIT $"
                + parameters.size();
        return PAGE.formatted(list, LARGEST_PAGE);
    }

    private static void source(List<String> conditions, Tuple parameters, @Nullable String type) {
        var indexed = type == null ? null : OF_INDEXED_SOURCES.get(type);
        if (indexed == null) {
            condition(conditions, parameters, "source_type = ", type);
        } else {
            conditions.add(indexed);
        }
    }

    private static void condition(List<String> conditions, Tuple parameters, String condition, @Nullable Object value) {
        if (value != null) {
            parameters.addValue(value);
            conditions.add(condition + "$" + parameters.size());
        }
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static Listed listed(List<Map.Entry<TracedMessage, Long>> rows, int limit) {
        var shown = rows.stream().map(Map.Entry::getKey).limit(limit).toList();
        return new Listed(shown, !rows.isEmpty() && rows.getFirst().getValue() > shown.size());
    }

    /** How large the contents are, in bytes, of those that exist. */
    public Uni<Map<UUID, Integer>> sizes(List<UUID> ids) {
        return transactions
                .list(
                        SIZES,
                        Tuple.of(ids.toArray(UUID[]::new)),
                        row -> Map.entry(row.getUUID("id"), row.getInteger("bytes")))
                .map(sizes -> sizes.stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    private @Nullable String onFailure(Message message) {
        var target = message.onFailure();
        return target == null ? null : json.text(json.recipient(target));
    }

    private TracedMessage read(Row row) {
        var onFailure = row.getString("on_failure");
        var metadata = row.getString("metadata");
        var edit = row.getString("edit");
        var message = new Message(
                row.getUUID("id"),
                row.getString("tenant"),
                Status.of(row.getString("status")),
                row.getInteger("revision"),
                row.getLong("version"),
                row.getInteger("generation"),
                json.readRecipient(row.getString("recipient")),
                new Terms(
                        json.readContent(row.getString("content")),
                        timing(row),
                        instant(row, "expires_at"),
                        metadata == null ? Map.of() : json.readMetadata(metadata)),
                row.getString("ordering_key"),
                onFailure == null ? null : json.readRecipient(onFailure),
                new Source(row.getString("source_type"), row.getString("source_id")),
                row.getOffsetDateTime("created_at").toInstant(),
                instant(row, "staged_at"),
                edit == null ? null : json.readTerms(edit),
                row.getBoolean("unwanted"),
                progress(row));
        return new TracedMessage(message, new TraceContext(row.getString("traceparent"), row.getString("tracestate")));
    }

    private static Timing timing(Row row) {
        LocalDateTime local = row.getLocalDateTime("local_due_at");
        return new Timing(
                row.getOffsetDateTime("due_at").toInstant(),
                local,
                ZoneId.of(row.getString("zone")),
                row.getString("tzdb_version"));
    }

    private static Progress progress(Row row) {
        return new Progress(
                row.getLong("delivery_version"),
                row.getUUID("delivery_id"),
                instant(row, "accepted_at"),
                row.getInteger("attempts"),
                row.getBoolean("possibly_delivered"),
                instant(row, "fired_at"),
                instant(row, "next_attempt_at"),
                instant(row, "delivered_at"),
                instant(row, "ended_at"),
                row.getString("error"));
    }

    private static @Nullable Instant instant(Row row, String column) {
        var value = row.getOffsetDateTime(column);
        return value == null ? null : value.toInstant();
    }
}
