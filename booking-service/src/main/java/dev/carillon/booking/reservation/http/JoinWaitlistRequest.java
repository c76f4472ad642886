package dev.carillon.booking.reservation.http;

import dev.carillon.booking.reservation.http.BookSlotRequest.CustomerRequest;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Who waits for what: for places of one slot, or of any slot of a resource. */
@Schema(requiredProperties = "customer")
@RegisterForReflection
public record JoinWaitlistRequest(
        @Schema(format = "uuid", description = "Any slot of this resource will do") @Nullable String resourceId,

        @Schema(format = "uuid", description = "Only this slot will do") @Nullable String slotId,

        @Schema(defaultValue = "1") @Nullable Integer places,
        @Nullable CustomerRequest customer) {}
