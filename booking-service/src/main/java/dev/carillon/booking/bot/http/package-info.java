/**
 * What Telegram brings, and how it is told to.
 */
@NullMarked
package dev.carillon.booking.bot.http;

import org.jspecify.annotations.NullMarked;
