package dev.carillon.booking.availability;

import org.jspecify.annotations.Nullable;

/**
 * The words of a message, with placeholders ({@link Placeholders}); {@code text} or {@code html} is there.
 *
 * @param subject null for the standard one
 * @param text what Telegram gets, and e-mail programs that show no HTML
 * @param html in which what is filled in is escaped
 */
public record MessageTemplate(
        @Nullable String subject,
        @Nullable String text,
        @Nullable String html) {}
