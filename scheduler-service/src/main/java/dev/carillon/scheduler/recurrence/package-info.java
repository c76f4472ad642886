/**
 * Recurring schedules: rules that are expanded in the local time of a zone, and what is made of the occurrences. Pure rules, no framework, no clock
 * of their own.
 *
 * <p>Guarantees that every occurrence has one instant (or none, or two, as its gap and overlap policies say), and that what is decided about an
 * occurrence depends on what is stored and on the time, never on what a node remembers. Never sends anything: an occurrence becomes an ordinary
 * message.
 */
@NullMarked
package dev.carillon.scheduler.recurrence;

import org.jspecify.annotations.NullMarked;
