package dev.carillon.booking.bot.store;

import dev.carillon.booking.bot.Conversation;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A chat's row.
 *
 * @param bot Telegram's id of it
 * @param sendingUntil until when a node is sending what is to be said in it; null for nobody
 */
public record Chat(
        UUID id,
        long bot,
        Conversation conversation,
        @Nullable Instant sendingUntil) {
    public boolean isBeingSentAt(Instant now) {
        return sendingUntil != null && now.isBefore(sendingUntil);
    }
}
