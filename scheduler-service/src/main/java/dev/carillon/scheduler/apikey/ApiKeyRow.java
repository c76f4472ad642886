package dev.carillon.scheduler.apikey;

import dev.carillon.kit.identity.ApiKey;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/** An API key's row. The key itself is nowhere: it is shown once and known by its hash. */
@Entity
@Table(name = "api_key")
@NullUnmarked
class ApiKeyRow {
    @Id
    UUID id;

    String tenant;
    String name;
    String hash;
    String scopes;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "expires_at")
    @Nullable Instant expiresAt;

    @Column(name = "revoked_at")
    @Nullable Instant revokedAt;

    long version;

    /** A key changes once: when it is revoked. */
    int revision() {
        return revokedAt == null ? 1 : 2;
    }

    String eTag() {
        return Integer.toString(revision());
    }

    ApiKey toApiKey() {
        return new ApiKey(id, tenant, name, hash, new TreeSet<>(List.of(scopes.split(" "))), expiresAt, revokedAt);
    }
}
