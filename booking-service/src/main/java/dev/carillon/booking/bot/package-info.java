/**
 * The Telegram bot: a conversation of five steps (service, day, slot, name, confirm) that ends in a booking, and another that moves one or cancels it.
 * Pure rules, no framework, no clock of its own.
 *
 * <p>Guarantees that an update has one effect however often it comes, that what a button stands for is judged by where the conversation is and never by
 * what the button says, and that an answer to something that was done is not lost while Telegram is away. Never counts places, and knows no rule of
 * bookings: it asks the use cases that everybody asks. A conversation that is given up holds nothing.
 */
@NullMarked
package dev.carillon.booking.bot;

import org.jspecify.annotations.NullMarked;
