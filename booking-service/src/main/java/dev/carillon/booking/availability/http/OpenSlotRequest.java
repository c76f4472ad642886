package dev.carillon.booking.availability.http;

import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An extra slot, as it was sent. */
@Schema(requiredProperties = {"resourceId", "startAt"})
@RegisterForReflection
public record OpenSlotRequest(
        @Schema(format = "uuid") @Nullable String resourceId,
        @Schema(format = "date-time") @Nullable String startAt,

        @Schema(format = "date-time", description = "By default the resource's slot length after the start") @Nullable String endAt,

        @Schema(description = "By default the resource's") @Nullable Integer capacity) {}
