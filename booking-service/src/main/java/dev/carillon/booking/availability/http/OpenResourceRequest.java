package dev.carillon.booking.availability.http;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A resource to be opened, as it was sent. */
@Schema(requiredProperties = {"name", "zone", "slotLength"})
@RegisterForReflection
public record OpenResourceRequest(
        @Nullable String name,
        @Schema(example = "Asia/Kolkata") @Nullable String zone,
        @Schema(example = "PT30M") @Nullable String slotLength,
        @Schema(defaultValue = "1") @Nullable Integer capacity,
        @Schema(defaultValue = "PT0S") @Nullable String buffer,
        @Schema(defaultValue = "P60D") @Nullable String horizon,
        @Nullable List<@Nullable OpeningRequest> weekly,
        @Nullable List<@Nullable ExceptionRequest> exceptions,
        @Schema(example = "[\"P1D\", \"PT1H\"]") @Nullable List<@Nullable String> reminders,

        @Schema(defaultValue = "PT0S", description = "How long before its start a slot is booked at the latest")
        @Nullable String leadTime,

        @Schema(
                defaultValue = "PT0S",
                description =
                        "How long before the start customers cancel or move a booking at the latest; PT0S for at any time")
        @Nullable String cancelNotice,

        @Schema(description = "How many bookings a customer has ahead here at most; any number without it") @Nullable Integer maxPerCustomer,

        @Schema(
                example = "pt-BR",
                description =
                        "BCP 47: how templates call days and months, for customers without a language of their own; English without it")
        @Nullable String language,

        @Schema(description = "What messages to customers say instead of the standard words") @Nullable TemplatesRequest templates) {

    /** Templates by what they are for. */
    @RegisterForReflection
    public record TemplatesRequest(
            @Nullable TemplateRequest confirmation,
            @Nullable TemplateRequest reminder,
            @Nullable TemplateRequest moved,
            @Nullable TemplateRequest cancelled,

            @Schema(description = "The booked time is no longer offered") @Nullable TemplateRequest slotClosed,

            @Schema(description = "A follow-up when nobody came; without it there is none") @Nullable TemplateRequest noShow) {}

    /** Words with placeholders; text or html is needed, beside markdown too. */
    @RegisterForReflection
    public record TemplateRequest(
            @Schema(example = "See you on {date}, {customer.name}") @Nullable String subject,

            @Schema(example = "See you on {date} at {time}.") @Nullable String text,

            @Nullable String html,
            @Nullable String markdown) {}

    /** Hours on every week's day. */
    @RegisterForReflection
    public record OpeningRequest(
            @Schema(example = "monday") @Nullable String day,
            @Schema(example = "09:00") @Nullable String from,

            @Schema(example = "17:00", description = "24:00 for the midnight after") @Nullable String to) {}

    /** A day with other hours, or none. */
    @RegisterForReflection
    public record ExceptionRequest(
            @Schema(example = "2026-12-25") @Nullable String date,
            @Nullable Boolean closed,
            @Nullable String from,
            @Nullable String to) {}
}
