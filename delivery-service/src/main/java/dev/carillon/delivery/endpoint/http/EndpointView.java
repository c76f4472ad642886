package dev.carillon.delivery.endpoint.http;

import dev.carillon.delivery.channel.SigningSecret;
import dev.carillon.delivery.endpoint.Endpoint;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint as clients see it.
 *
 * @param disabledBecause {@code requested}, {@code gone} (it answered 410) or {@code failing}
 * @param failures failed attempts since the last one that was delivered
 * @param secret only in the answer to the request that made it
 * @param overlapEndsAt only in the answer to a rotation: until when the secret before signs too
 */
@RegisterForReflection
public record EndpointView(
        UUID id,
        URI url,
        @Nullable String description,
        @Schema(enumeration = {"messages", "outcomes"}) String receives,
        @Schema(enumeration = {"enabled", "disabled"}) String status,
        @Nullable String disabledBecause,
        @Nullable Instant disabledAt,
        int version,
        int failures,
        @Nullable Instant failingSince,
        Instant createdAt,
        @Nullable String secret,
        @Nullable Instant overlapEndsAt) {

    static EndpointView of(Endpoint endpoint) {
        return of(endpoint, null, null);
    }

    static EndpointView of(Endpoint endpoint, @Nullable SigningSecret secret, @Nullable Instant overlapEndsAt) {
        var because = endpoint.disabledBecause();
        return new EndpointView(
                endpoint.id(),
                endpoint.url(),
                endpoint.description(),
                endpoint.receives().wireName(),
                endpoint.status().wireName(),
                because == null ? null : because.wireName(),
                endpoint.disabledAt(),
                endpoint.revision(),
                endpoint.failures(),
                endpoint.failingSince(),
                endpoint.createdAt(),
                secret == null ? null : secret.reveal(),
                overlapEndsAt);
    }
}
