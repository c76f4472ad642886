/**
 * What is sent for a booking: a confirmation, reminders before its start, notices that it was moved or cancelled. Pure rules, no framework, no
 * clock of their own.
 *
 * <p>Guarantees that what is sent follows the highest version of a booking that was told, whatever of its events came late, twice or never; and
 * that what was meant for an earlier state of the booking ends when a later one is known. Never decides anything about a booking.
 */
@NullMarked
package dev.carillon.scheduler.reminder;

import org.jspecify.annotations.NullMarked;
