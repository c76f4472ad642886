/**
 * Durable timers: the one engine that fires due rows on time.
 *
 * <p>Guarantees that a committed timer fires at or after its instant by the database's clock, never before, under any number of nodes; that a
 * node whose lease ended fires nothing; and that the timers of a dead node are taken over when its lease expires. A firing that fails is tried
 * again. Memory holds the earliest timers and never more than it may; what is far away waits in a table of its own, so that however much is pending
 * costs what is near nothing. Never decides what a firing means: that is the caller's, in one transaction with the compare-and-set on the timer row.
 */
@NullMarked
package dev.carillon.kit.timer;

import org.jspecify.annotations.NullMarked;
