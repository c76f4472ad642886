package dev.carillon.delivery.endpoint.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What {@code POST /v1/endpoints} takes.
 *
 * @param secret {@code whsec_} and 24 to 64 bytes in base64; without it one is made
 * @param receives {@code outcomes} for the end of each message of the tenant; otherwise {@code messages}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
public record EndpointRequest(
        @Nullable String url,
        @Nullable String description,
        @Nullable String secret,

        @Schema(enumeration = {"messages", "outcomes"}) @Nullable String receives) {}
