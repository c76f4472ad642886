package dev.carillon.booking.bot.telegram;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a call of the Bot API came to. */
public sealed interface ApiAnswer {
    record Done() implements ApiAnswer {}

    /**
     * For good: no such chat, blocked, not to be edited.
     *
     * @param description Telegram's
     */
    record Refused(int code, String description) implements ApiAnswer {}

    /**
     * Telegram is away, asks for a pause, or does not know the token: to be tried again. What was asked may have been done.
     *
     * @param code Telegram's; 0 when nothing answered
     * @param retryAfter how long to wait at least; null when it did not say
     */
    record Later(int code, String why, @Nullable Duration retryAfter) implements ApiAnswer {}
}
