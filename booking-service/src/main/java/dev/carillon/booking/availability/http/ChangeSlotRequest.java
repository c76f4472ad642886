package dev.carillon.booking.availability.http;

import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What is to be changed in a slot (a merge patch, RFC 7396). */
@RegisterForReflection
public record ChangeSlotRequest(
        @Nullable Integer capacity,
        @Schema(enumeration = {"open", "closed"}) @Nullable String status) {}
