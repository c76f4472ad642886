package dev.carillon.booking.availability;

import org.jspecify.annotations.Nullable;

/**
 * The words of a message, with placeholders ({@link Placeholders}); {@code text} or {@code html} is there, since not every customer has Telegram.
 *
 * @param subject null for the standard one
 * @param text what Telegram gets, and e-mail programs that show no HTML
 * @param html in which what is filled in is escaped
 * @param markdown Telegram's MarkdownV2, which Telegram gets instead; what is filled in is escaped likewise
 */
public record MessageTemplate(
        @Nullable String subject,
        @Nullable String text,
        @Nullable String html,
        @Nullable String markdown) {}
