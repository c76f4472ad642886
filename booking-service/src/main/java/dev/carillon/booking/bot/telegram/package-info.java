/**
 * The Bot API, as far as the bot calls it, and who the bots are.
 *
 * <p>Guarantees that a bot's token, which is a part of the address, and the secret that Telegram shows are in no error, no log, no metric and no trace: the
 * HTTP client is neither traced nor measured. The Bot API has no idempotency key: a call whose answer is lost is made again, and may be seen twice.
 */
@NullMarked
package dev.carillon.booking.bot.telegram;

import org.jspecify.annotations.NullMarked;
