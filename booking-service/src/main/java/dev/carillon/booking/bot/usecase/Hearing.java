package dev.carillon.booking.bot.usecase;

import dev.carillon.booking.bot.Bot;
import dev.carillon.booking.bot.Conversation;
import dev.carillon.booking.bot.Update;
import dev.carillon.kit.tx.Tx;
import java.time.Instant;

/**
 * An update that is being taken, in a transaction that has locked its chat.
 *
 * @param conversation where it was before
 */
record Hearing(Tx tx, Bot bot, Update update, Conversation conversation, Instant now) {
    String tenant() {
        return bot.tenant();
    }

    String chat() {
        return update.chat();
    }
}
