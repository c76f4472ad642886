package dev.carillon.delivery.endpoint.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * What {@code POST /v1/endpoints/{id}/rotate-secret} takes; no body is as an empty one.
 *
 * @param secret the one that signs from now on; without it one is made
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
public record RotationRequest(@Nullable String secret) {}
