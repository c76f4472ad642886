package dev.carillon.delivery.endpoint.store;

import dev.carillon.delivery.channel.Destination.Target;
import dev.carillon.delivery.channel.SigningSecret;
import dev.carillon.delivery.endpoint.Endpoint;
import dev.carillon.delivery.endpoint.store.SecretCipher.Encrypted;
import dev.carillon.kit.tx.Columns;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Endpoints as rows, and their secrets, which are encrypted here and nowhere else. */
@ApplicationScoped
public class EndpointStore {
    private static final Logger LOG = Logger.getLogger(EndpointStore.class);
    private static final String INSERT = """
            INSERT INTO endpoint (id, tenant, url, description, receives, status, disabled_because, disabled_at, revision, version, failures,
                                  failing_since, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            """;
    private static final String SAVE = """
            UPDATE endpoint e SET url = n.url, description = n.description, receives = n.receives, status = n.status,
                   disabled_because = n.disabled_because, disabled_at = n.disabled_at, revision = n.revision, version = n.version,
                   failures = n.failures, failing_since = n.failing_since
            FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::int[], $9::bigint[],
                        $10::int[], $11::timestamptz[])
                 AS n (id, url, description, receives, status, disabled_because, disabled_at, revision, version, failures, failing_since)
            WHERE e.id = n.id
            """;
    private static final String LOCK_TENANT =
            "SELECT pg_advisory_xact_lock(hashtextextended(E'endpoints-of-tenant\\n' || $1, 0))";
    private static final String COUNT_OF_TENANT =
            "SELECT count(*) AS n FROM endpoint WHERE tenant = $1 AND status <> 'deleted'";
    private static final String LOCK_OUTCOMES =
            "SELECT pg_advisory_xact_lock(hashtextextended(E'endpoint-of-outcomes\\n' || $1, 0))";
    private static final String OTHER_OF_OUTCOMES =
            "SELECT id FROM endpoint WHERE tenant = $1 AND receives = 'outcomes' AND status <> 'deleted' AND id <> $2";
    private static final String LOCK_OF_TENANT =
            "SELECT * FROM endpoint WHERE id = $1 AND tenant = $2 AND status <> 'deleted' FOR UPDATE";
    private static final String LOCK = "SELECT * FROM endpoint WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE";
    private static final String STILL_DISABLED =
            "SELECT id FROM endpoint WHERE id = ANY($1::uuid[]) AND status = 'disabled' ORDER BY id FOR SHARE";
    private static final String FIND = "SELECT * FROM endpoint WHERE id = $1 AND tenant = $2 AND status <> 'deleted'";
    private static final String LIST = """
            SELECT * FROM endpoint WHERE tenant = $1 AND status <> 'deleted' AND ($2::text IS NULL OR status = $2)
              AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4
            """;
    private static final String FAILING_AMONG =
            "SELECT id FROM endpoint WHERE id = ANY($1::uuid[]) AND failures > 0 AND status <> 'deleted'";
    private static final String OF_OUTCOMES = """
            SELECT id, tenant, created_at FROM endpoint WHERE tenant = ANY($1::text[]) AND receives = 'outcomes' AND status <> 'deleted'
            """;
    private static final String STATUS = "SELECT status FROM endpoint WHERE id = $1";
    private static final String RESOLVE = """
            SELECT e.id, e.tenant, e.url, e.status, s.key_id, s.ciphertext FROM endpoint e
            LEFT JOIN endpoint_secret s ON s.endpoint_id = e.id AND (s.expires_at IS NULL OR s.expires_at > clock_timestamp())
            WHERE e.id = ANY($1::uuid[]) ORDER BY e.id, s.created_at DESC
            """;
    private static final String ADD_SECRET = """
            INSERT INTO endpoint_secret (id, endpoint_id, key_id, ciphertext, created_at) VALUES ($1, $2, $3, $4, $5)
            """;
    private static final String EXPIRE_CURRENT =
            "UPDATE endpoint_secret SET expires_at = $2 WHERE endpoint_id = $1 AND expires_at IS NULL";
    private static final String FORGET_EXPIRED =
            "DELETE FROM endpoint_secret WHERE endpoint_id = $1 AND expires_at <= $2";
    private static final String COUNT_SECRETS = "SELECT count(*) AS n FROM endpoint_secret WHERE endpoint_id = $1";
    private static final String FORGET_ALL = "DELETE FROM endpoint_secret WHERE endpoint_id = $1";

    private final Transactions transactions;
    private final SecretCipher cipher;

    public EndpointStore(Transactions transactions, SecretCipher cipher) {
        this.transactions = transactions;
        this.cipher = cipher;
    }

    public Uni<Void> insert(Tx tx, Endpoint endpoint) {
        var parameters = Tuple.tuple()
                .addValue(endpoint.id())
                .addValue(endpoint.tenant())
                .addValue(endpoint.url().toString())
                .addValue(endpoint.description())
                .addValue(endpoint.receives().wireName())
                .addValue(endpoint.status().wireName())
                .addValue(because(endpoint))
                .addValue(at(endpoint.disabledAt()))
                .addValue(endpoint.revision())
                .addValue(endpoint.version())
                .addValue(endpoint.failures())
                .addValue(at(endpoint.failingSince()))
                .addValue(at(endpoint.createdAt()));
        return tx.run(INSERT, parameters).replaceWithVoid();
    }

    /** Writes what can change. The rows must be locked by this transaction. */
    public Uni<Void> save(Tx tx, List<Endpoint> endpoints) {
        if (endpoints.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var columns = Columns.of(endpoints)
                .uuids(Endpoint::id)
                .texts(one -> one.url().toString())
                .texts(Endpoint::description)
                .texts(one -> one.receives().wireName())
                .texts(one -> one.status().wireName())
                .texts(EndpointStore::because)
                .instants(Endpoint::disabledAt)
                .integers(Endpoint::revision)
                .longs(Endpoint::version)
                .integers(Endpoint::failures)
                .instants(Endpoint::failingSince);
        return tx.run(SAVE, columns.tuple()).replaceWithVoid();
    }

    /** How many the tenant has; nobody gives it another one until the transaction ends. */
    public Uni<Long> count(Tx tx, String tenant) {
        return tx.run(LOCK_TENANT, Tuple.of(tenant))
                .chain(() -> tx.list(COUNT_OF_TENANT, Tuple.of(tenant), row -> row.getLong("n")))
                .map(List::getFirst);
    }

    /** Whether the tenant has an endpoint for outcomes beside this one; nobody gives it one until the transaction ends. */
    public Uni<Boolean> hasOtherOfOutcomes(Tx tx, Endpoint endpoint) {
        return tx.run(LOCK_OUTCOMES, Tuple.of(endpoint.tenant()))
                .chain(() -> tx.list(OTHER_OF_OUTCOMES, Tuple.of(endpoint.tenant(), endpoint.id()), row -> true))
                .map(found -> !found.isEmpty());
    }

    /** Locked until the transaction ends; empty when it was deleted. To be taken after any delivery's lock. */
    public Uni<Optional<Endpoint>> lock(Tx tx, String tenant, UUID id) {
        return tx.list(LOCK_OF_TENANT, Tuple.of(id, tenant), EndpointStore::read)
                .map(found -> found.stream().findFirst());
    }

    /** Those that exist, also deleted ones, locked until the transaction ends, in the order of their ids. */
    public Uni<List<Endpoint>> lock(Tx tx, Collection<UUID> ids) {
        return tx.list(LOCK, Tuple.of(ids.toArray(UUID[]::new)), EndpointStore::read);
    }

    /** Those that are disabled, and stay so until the transaction ends. */
    public Uni<Set<UUID>> stillDisabled(Tx tx, Collection<UUID> ids) {
        return ids.isEmpty()
                ? Uni.createFrom().item(Set.of())
                : tx.list(STILL_DISABLED, Tuple.of(ids.toArray(UUID[]::new)), row -> row.getUUID("id"))
                        .map(HashSet::new);
    }

    /** Those that have failed since their last success; not locked. */
    public Uni<Set<UUID>> failingAmong(Tx tx, Collection<UUID> ids) {
        return tx.list(FAILING_AMONG, Tuple.of(ids.toArray(UUID[]::new)), row -> row.getUUID("id"))
                .map(HashSet::new);
    }

    public Uni<Optional<Endpoint>> find(String tenant, UUID id) {
        return transactions
                .list(FIND, Tuple.of(id, tenant), EndpointStore::read)
                .map(found -> found.stream().findFirst());
    }

    /** As {@link #find(String, UUID)}, in a transaction. */
    public Uni<Optional<Endpoint>> find(Tx tx, String tenant, UUID id) {
        return tx.list(FIND, Tuple.of(id, tenant), EndpointStore::read)
                .map(found -> found.stream().findFirst());
    }

    /** Newest first. */
    public Uni<List<Endpoint>> list(String tenant, @Nullable String status, @Nullable UUID before, int limit) {
        return transactions.list(LIST, Tuple.of(tenant, status, before, limit), EndpointStore::read);
    }

    /** An endpoint for outcomes, and since when there is one. */
    public record OfOutcomes(UUID id, Instant createdAt) {}

    /** The endpoint for outcomes of each tenant that has one. */
    public Uni<Map<String, OfOutcomes>> ofOutcomes(Tx tx, Collection<String> tenants) {
        return tx.list(OF_OUTCOMES, Tuple.of(tenants.toArray(String[]::new)), row -> row)
                .map(rows -> {
                    Map<String, OfOutcomes> found = new LinkedHashMap<>();
                    rows.forEach(row -> found.put(
                            row.getString("tenant"),
                            new OfOutcomes(
                                    row.getUUID("id"),
                                    row.getOffsetDateTime("created_at").toInstant())));
                    return found;
                });
    }

    /** Not locked; empty when there never was one of this id. */
    public Uni<Optional<Endpoint.Status>> status(Tx tx, UUID id) {
        return tx.list(STATUS, Tuple.of(id), row -> Endpoint.Status.of(row.getString("status")))
                .map(found -> found.stream().findFirst());
    }

    /** What an attempt needs of those that exist, deleted ones too; not locked. */
    public Uni<Map<UUID, ResolvedEndpoint>> resolve(Tx tx, Collection<UUID> ids) {
        return ids.isEmpty()
                ? Uni.createFrom().item(Map.of())
                : tx.list(RESOLVE, Tuple.of(ids.toArray(UUID[]::new)), row -> row)
                        .map(this::resolved);
    }

    private Map<UUID, ResolvedEndpoint> resolved(List<Row> rows) {
        Map<UUID, ResolvedEndpoint> found = new LinkedHashMap<>();
        for (var row : rows) {
            var id = row.getUUID("id");
            var secrets = new ArrayList<SigningSecret>();
            var before = found.get(id);
            if (before != null) {
                secrets.addAll(before.target().secrets());
            }
            secret(row, id).ifPresent(secrets::add);
            found.put(
                    id,
                    new ResolvedEndpoint(
                            id,
                            row.getString("tenant"),
                            Endpoint.Status.of(row.getString("status")),
                            new Target(URI.create(row.getString("url")), secrets)));
        }
        return found;
    }

    private Optional<SigningSecret> secret(Row row, UUID endpointId) {
        var keyId = row.getString("key_id");
        if (keyId == null) {
            return Optional.empty();
        }
        var secret = cipher.decrypt(
                endpointId, new Encrypted(keyId, row.getBuffer("ciphertext").getBytes()));
        if (secret.isEmpty()) {
            LOG.errorf(
                    "A secret of endpoint %s is not read by any key of carillon.secrets; it needs %s",
                    endpointId, keyId);
        }
        return secret;
    }

    /** Adds the secret that signs from now on. */
    public Uni<Void> addSecret(Tx tx, Endpoint endpoint, UUID secretId, SigningSecret secret, Instant now) {
        var encrypted = cipher.encrypt(endpoint.id(), secret);
        return tx.run(
                        ADD_SECRET,
                        Tuple.of(secretId, endpoint.id(), encrypted.keyId(), Buffer.buffer(encrypted.bytes()), at(now)))
                .replaceWithVoid();
    }

    /** Lets the current secret sign until {@code until}, forgets what has expired, and tells how many are left. */
    public Uni<Integer> retireSecret(Tx tx, UUID endpointId, Instant until, Instant now) {
        return tx.run(FORGET_EXPIRED, Tuple.of(endpointId, at(now)))
                .chain(() -> tx.run(EXPIRE_CURRENT, Tuple.of(endpointId, at(until))))
                .chain(() -> tx.list(COUNT_SECRETS, Tuple.of(endpointId), row -> row.getInteger("n")))
                .map(List::getFirst);
    }

    public Uni<Void> forgetSecrets(Tx tx, UUID endpointId) {
        return tx.run(FORGET_ALL, Tuple.of(endpointId)).replaceWithVoid();
    }

    private static Endpoint read(Row row) {
        var because = row.getString("disabled_because");
        return new Endpoint(
                row.getUUID("id"),
                row.getString("tenant"),
                URI.create(row.getString("url")),
                row.getString("description"),
                Endpoint.Receives.of(row.getString("receives")),
                Endpoint.Status.of(row.getString("status")),
                because == null ? null : Endpoint.Because.of(because),
                instant(row, "disabled_at"),
                row.getInteger("revision"),
                row.getLong("version"),
                row.getInteger("failures"),
                instant(row, "failing_since"),
                row.getOffsetDateTime("created_at").toInstant());
    }

    private static @Nullable String because(Endpoint endpoint) {
        var why = endpoint.disabledBecause();
        return why == null ? null : why.wireName();
    }

    private static @Nullable OffsetDateTime at(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable Instant instant(Row row, String column) {
        var value = row.getOffsetDateTime(column);
        return value == null ? null : value.toInstant();
    }
}
