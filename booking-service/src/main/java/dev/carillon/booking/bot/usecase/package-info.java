/** What the bot does: the only place of the feature that opens transactions. No call of Telegram is made in one. */
@NullMarked
package dev.carillon.booking.bot.usecase;

import org.jspecify.annotations.NullMarked;
