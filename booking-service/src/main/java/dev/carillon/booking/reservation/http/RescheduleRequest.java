package dev.carillon.booking.reservation.http;

import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Where a booking is to move. */
@Schema(requiredProperties = "slotId")
@RegisterForReflection
public record RescheduleRequest(
        @Schema(format = "uuid") @Nullable String slotId) {}
