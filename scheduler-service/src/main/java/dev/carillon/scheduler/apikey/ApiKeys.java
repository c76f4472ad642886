package dev.carillon.scheduler.apikey;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.event.OutgoingEvent.Urgency;
import dev.carillon.kit.event.Payloads;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.identity.ApiKeyDirectory;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.tx.EntityTransactions;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.LockModeType;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Issues and revokes keys; every change is an event on the compacted topic, in the same transaction. */
@ApplicationScoped
class ApiKeys {
    private static final String TOPIC = "carillon.api-keys.v1";
    private static final int KEY_BYTES = 32;

    private final EntityTransactions transactions;
    private final IdempotencyKeys idempotency;
    private final Outbox outbox;
    private final EventIds ids;
    private final ObjectMapper json;
    private final Traces traces;
    private final ApiKeyDirectory directory;
    private final SecureRandom random = new SecureRandom();

    ApiKeys(
            Mutiny.SessionFactory sessions,
            IdempotencyKeys idempotency,
            Outbox outbox,
            EventIds ids,
            ObjectMapper json,
            Traces traces,
            ApiKeyDirectory directory) {
        this.transactions = new EntityTransactions(sessions);
        this.idempotency = idempotency;
        this.outbox = outbox;
        this.ids = ids;
        this.json = json;
        this.traces = traces;
        this.directory = directory;
    }

    /** What it comes to when a key is to be issued. */
    sealed interface Issuing {
        /** A key and its row; the only time that the key is known. */
        record Issued(ApiKeyRow row, String key) implements Issuing {}

        /** The request's Idempotency-Key says it. */
        record Decided(Verdict verdict) implements Issuing {}
    }

    Uni<Issuing> issue(
            String tenant,
            String name,
            String scopes,
            @Nullable Instant expiresAt,
            IdempotencyKeys.@Nullable Key idempotencyKey) {
        var key = "ck_" + Base64.getUrlEncoder().withoutPadding().encodeToString(randomBytes());
        var row = new ApiKeyRow();
        row.id = ids.next();
        row.tenant = tenant;
        row.name = name;
        row.hash = ApiKeyDirectory.hash(key);
        row.scopes = scopes;
        row.createdAt = Instant.now().truncatedTo(ChronoUnit.MICROS);
        row.expiresAt = expiresAt;
        row.version = 1;
        return transactions.inTransaction((session, tx) -> idempotency
                .judge(tx, Collections.singletonList(idempotencyKey))
                .chain(verdicts -> verdicts.getFirst() instanceof Verdict.Fresh
                        ? session.persist(row)
                                .chain(() -> outbox.append(tx, event("issued", row)))
                                .chain(() -> remember(tx, idempotencyKey, row))
                                .invoke(() -> tx.afterCommit(() -> learn(row)))
                                .replaceWith(new Issuing.Issued(row, key))
                        : Uni.createFrom().item(new Issuing.Decided(verdicts.getFirst()))));
    }

    private Uni<Void> remember(Tx tx, IdempotencyKeys.@Nullable Key key, ApiKeyRow row) {
        return key == null
                ? Uni.createFrom().voidItem()
                : idempotency.remember(tx, List.of(new IdempotencyKeys.Answered(key, 201, row.id)));
    }

    /** What the wish to revoke a key came to. */
    sealed interface Revoking {
        /** Now or before: revoking twice is no error. */
        record Revoked() implements Revoking {}

        /** The tenant has no such key. */
        record NotFound() implements Revoking {}

        /** It was to have another revision. */
        record Mismatch(int actual) implements Revoking {}
    }

    /** @param revision that the key must have; null for any */
    Uni<Revoking> revoke(String tenant, UUID id, @Nullable Integer revision) {
        return transactions.inTransaction(
                (session, tx) -> session.find(ApiKeyRow.class, id, LockModeType.PESSIMISTIC_WRITE)
                        .chain(row -> {
                            if (row == null || !row.tenant.equals(tenant)) {
                                return Uni.createFrom().item(new Revoking.NotFound());
                            }
                            if (revision != null && revision != row.revision()) {
                                return Uni.createFrom().item(new Revoking.Mismatch(row.revision()));
                            }
                            if (row.revokedAt != null) {
                                return Uni.createFrom().item(new Revoking.Revoked());
                            }
                            row.revokedAt = Instant.now().truncatedTo(ChronoUnit.MICROS);
                            row.version++;
                            tx.afterCommit(() -> learn(row));
                            return outbox.append(tx, event("revoked", row)).replaceWith(new Revoking.Revoked());
                        }));
    }

    Uni<List<ApiKeyRow>> list(String tenant, Optional<UUID> before, int limit) {
        return transactions.read(session -> session.createSelectionQuery(
                        "from ApiKeyRow where tenant = :tenant and id < :before order by id desc", ApiKeyRow.class)
                .setParameter("tenant", tenant)
                .setParameter("before", before.orElse(new UUID(-1, -1)))
                .setMaxResults(limit)
                .getResultList());
    }

    Uni<Optional<ApiKeyRow>> find(String tenant, UUID id) {
        return transactions.read(session -> session.find(ApiKeyRow.class, id)
                .map(row -> Optional.ofNullable(row).filter(found -> found.tenant.equals(tenant))));
    }

    void start(@Observes StartupEvent started, Transactions sql) {
        learnAll(sql, directory);
    }

    /**
     * What the table holds is known before the topic has been read, so that the scheduler's keys work without the broker. Those that are revoked are learned,
     * too, for their issue may be on the topic still: none is ever deleted, there or here, so that they are as many as the topic tells anyway.
     */
    static void learnAll(Transactions sql, ApiKeyDirectory directory) {
        sql.list("SELECT * FROM api_key", Tuple.tuple(), ApiKeys::read)
                .await()
                .atMost(Duration.ofSeconds(10))
                .forEach(row -> directory.learnFromOwner(row.toApiKey(), row.version));
    }

    private static ApiKeyRow read(Row found) {
        var row = new ApiKeyRow();
        row.id = found.getUUID("id");
        row.tenant = found.getString("tenant");
        row.name = found.getString("name");
        row.hash = found.getString("hash");
        row.scopes = found.getString("scopes");
        row.expiresAt = instant(found, "expires_at");
        row.revokedAt = instant(found, "revoked_at");
        row.version = found.getLong("version");
        return row;
    }

    private static @Nullable Instant instant(Row found, String column) {
        var value = found.getOffsetDateTime(column);
        return value == null ? null : value.toInstant();
    }

    private void learn(ApiKeyRow row) {
        directory.learnFromOwner(row.toApiKey(), row.version);
    }

    private OutgoingEvent event(String type, ApiKeyRow row) {
        var id = row.id.toString();
        return new OutgoingEvent(
                ids.next(),
                TOPIC,
                id,
                "carillon.api-key." + type + ".v1",
                "/carillon/scheduler",
                id,
                row.tenant,
                row.version,
                Instant.now(),
                traces.current(),
                Payloads.bytes(json, row.toApiKey()),
                Urgency.PROMPT);
    }

    private byte[] randomBytes() {
        var bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        return bytes;
    }
}
