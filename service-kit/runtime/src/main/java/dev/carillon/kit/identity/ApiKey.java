package dev.carillon.kit.identity;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an API key; never the key.
 *
 * @param hash SHA-256 of the key, hex
 * @param scopes {@code <what>:<read|write>}, {@code admin} or {@code *}
 * @param expiresAt null for never
 * @param revokedAt null while it is good
 */
@RegisterForReflection
public record ApiKey(
        UUID id,
        String tenant,
        String name,
        String hash,
        Set<String> scopes,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt) {
    boolean isGoodAt(Instant now) {
        return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
    }
}
