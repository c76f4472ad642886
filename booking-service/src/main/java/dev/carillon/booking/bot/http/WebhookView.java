package dev.carillon.booking.bot.http;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * That Telegram knows where a bot's updates go.
 *
 * @param bot the operator's name for it
 */
@RegisterForReflection
public record WebhookView(String bot, String url) {}
