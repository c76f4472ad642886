package dev.carillon.booking.bot.http;

import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Where updates go, as it was sent. */
@RegisterForReflection
@Schema(requiredProperties = {"url"})
public record SetWebhookRequest(
        @Schema(
                example = "https://book.example.org/v1/telegram/webhook",
                description =
                        "This service's /v1/telegram/webhook, as Telegram reaches it: https at port 443, 80, 88 or 8443, or http at a loopback host")
        @Nullable String url) {}
