/**
 * Lets messages follow their bookings, in the transaction of whoever read of them.
 */
@NullMarked
package dev.carillon.scheduler.reminder.usecase;

import org.jspecify.annotations.NullMarked;
