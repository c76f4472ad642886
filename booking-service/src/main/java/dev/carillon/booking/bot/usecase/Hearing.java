package dev.carillon.booking.bot.usecase;

import dev.carillon.booking.bot.Bot;
import dev.carillon.booking.bot.Conversation;
import dev.carillon.booking.bot.Notice;
import dev.carillon.booking.bot.Screens;
import dev.carillon.booking.bot.Turn;
import dev.carillon.booking.bot.Update;
import dev.carillon.kit.tx.Tx;
import java.time.Instant;

/**
 * An update that is being taken, in a transaction that has locked its chat.
 *
 * @param conversation where it was before
 * @param screens in the language of whoever it is from
 */
record Hearing(Tx tx, Bot bot, Update update, Conversation conversation, Instant now, Screens screens) {
    String tenant() {
        return bot.tenant();
    }

    String chat() {
        return update.chat();
    }

    /** A word that leaves the conversation as it is. */
    Turn refused(Notice why) {
        return Turn.refused(update.heard(), conversation, why, screens);
    }
}
