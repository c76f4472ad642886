/**
 * Telegram, by the Bot API's {@code sendMessage}.
 *
 * <p>It guarantees that a tenant's messages go by its own bot where it has one, and that a bot's token, which is a part of the address, appears in no error, no log, no metric and no
 * trace: the HTTP client is neither traced nor measured, and the call's span is its caller's. It never sends files, and
 * never learns whether a message was read. The Bot API has no idempotency key: a call whose answer is lost is flagged as
 * possibly delivered.
 */
@NullMarked
package dev.carillon.delivery.channel.telegram;

import org.jspecify.annotations.NullMarked;
