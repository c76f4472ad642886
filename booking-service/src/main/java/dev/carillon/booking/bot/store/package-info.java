/** The bot's rows in PostgreSQL, and what it reads of others'. */
@NullMarked
package dev.carillon.booking.bot.store;

import org.jspecify.annotations.NullMarked;
