/**
 * What rules mean: cron and RRULE become days, found by lib-recur, and times of the day.
 *
 * <p>Guarantees that an expansion ends: where nothing has been found for about a thousand steps of the rule's own frequency, nothing is. Never looks
 * at a zone, except for an UNTIL that is an instant.
 */
@NullMarked
package dev.carillon.scheduler.recurrence.expansion;

import org.jspecify.annotations.NullMarked;
