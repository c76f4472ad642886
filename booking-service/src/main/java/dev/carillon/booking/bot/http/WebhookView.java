package dev.carillon.booking.bot.http;

/**
 * That Telegram knows where a bot's updates go.
 *
 * @param bot the operator's name for it
 */
public record WebhookView(String bot, String url) {}
