/**
 * What was last applied of each booking, in PostgreSQL: the row that decides whether an event is late, and the tombstone of a booking that ended.
 */
@NullMarked
package dev.carillon.scheduler.reminder.store;

import org.jspecify.annotations.NullMarked;
