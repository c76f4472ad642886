/**
 * What the scheduler reads of bookings. Its records are its own: fields and types that it does not know it ignores.
 */
@NullMarked
package dev.carillon.scheduler.reminder.messaging;

import org.jspecify.annotations.NullMarked;
