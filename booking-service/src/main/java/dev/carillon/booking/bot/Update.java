package dev.carillon.booking.bot;

import org.jspecify.annotations.Nullable;

/**
 * Something that somebody said in a private chat with the bot.
 *
 * @param id counts a bot's updates; the same one may come several times, and a later one earlier
 * @param chat the chat's number
 * @param person as they call themselves on Telegram; empty when that is nothing that can be a name
 * @param language BCP 47; null when Telegram does not say it
 */
public record Update(
        long id, String chat, String person, @Nullable String language, Heard heard) {
    /** Without whom it is from. */
    @Override
    public String toString() {
        return "Update[id=" + id + "]";
    }
}
