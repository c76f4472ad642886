/**
 * What one can do with recurring schedules, and what they do by themselves; the only place that opens a transaction. Locks a schedule, then its
 * messages, then timers.
 */
@NullMarked
package dev.carillon.scheduler.recurrence.usecase;

import org.jspecify.annotations.NullMarked;
