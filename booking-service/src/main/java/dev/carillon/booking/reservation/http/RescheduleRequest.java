package dev.carillon.booking.reservation.http;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Where a booking is to move. */
@Schema(requiredProperties = "slotId")
public record RescheduleRequest(
        @Schema(format = "uuid") @Nullable String slotId) {}
