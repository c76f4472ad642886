/**
 * Recurring schedules and their runs in PostgreSQL: a statement for each group of rows, whatever its size.
 */
@NullMarked
package dev.carillon.scheduler.recurrence.store;

import org.jspecify.annotations.NullMarked;
