/** Bookings while their services live: days of clock changes, reminders, the bot, and many who race for a few places. */
@NullMarked
package dev.carillon.system.booking;

import org.jspecify.annotations.NullMarked;
