package dev.carillon.booking.reservation.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A booking, as it was asked for; {@link BookingReading} gives it its meaning or says what is wrong. */
@Schema(requiredProperties = {"slotId", "customer"})
@RegisterForReflection
public record BookSlotRequest(
        @Schema(format = "uuid") @Nullable String slotId,
        @Schema(defaultValue = "1") @Nullable Integer places,
        @Nullable CustomerRequest customer,

        @Schema(example = "PT5M", description = "Hold the places so long instead of booking them") @Nullable String hold) {

    /** Who books. */
    @Schema(requiredProperties = "name")
    @RegisterForReflection
    public record CustomerRequest(
            @Nullable String id,
            @Nullable String name,
            @Nullable String email,

            @Schema(type = org.eclipse.microprofile.openapi.annotations.enums.SchemaType.STRING) @Nullable JsonNode telegramChatId,

            @Schema(example = "Asia/Kolkata") @Nullable String zone,
            @Schema(example = "en") @Nullable String language) {}
}
