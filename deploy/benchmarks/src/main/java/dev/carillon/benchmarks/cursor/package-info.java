/**
 * A candidate for the relay's reading: snapshot cursors over an insert-only outbox. Nothing of the running product uses it.
 *
 * <p>Guarantees that no committed event is passed by, whatever commits late: a batch is what one stored snapshot shows and the one before did
 * not, told by each row's own transaction id. Events of one key come in the order of their commits, because every target is a real snapshot
 * (never a made-up one) and a batch is read in order of seq. Never updates or deletes a row.
 *
 * <p>A cursor counts only on the connection that it was loaded on: a database that crashed may give transaction ids out again that a snapshot
 * taken before calls finished. What was saved is safe, since a later id was written down with it.
 */
@NullMarked
package dev.carillon.benchmarks.cursor;

import org.jspecify.annotations.NullMarked;
