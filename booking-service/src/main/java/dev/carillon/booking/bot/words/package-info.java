/**
 * The languages that the bot speaks: a file of each stands beside these classes, in UTF-8.
 *
 * <p>Guarantees that every language has words for everything that the bot says, or the service does not start.
 */
@NullMarked
package dev.carillon.booking.bot.words;

import org.jspecify.annotations.NullMarked;
