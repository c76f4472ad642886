/**
 * The outboxes in PostgreSQL: leases, reading and positions, parked events, hints.
 *
 * <p>A batch of a lane is what a stored snapshot (its target) shows and the one before (its base) did not, told by each row's own transaction id, in
 * order of seq. Targets are real snapshots, never made up from ids, so the events of one key come in the order of their commits. Reading goes ahead
 * of settling; what is saved is the oldest batch that is not settled, its last seq, and what is settled beyond.
 *
 * <p>Guarantees that no committed event is passed by: whatever commits late, in whichever partition, and however a connection or the database ends.
 * A cursor counts only on the connection that it was loaded on; reads name the partitions, and check in their own snapshot that these are all.
 * Events are never updated or deleted here, positions are only added, and now and then the newest take the place of all.
 *
 * <p>Reads and writes the outbox's tables and nothing else, with the role {@code relay}. Every statement is short: none waits for Kafka.
 */
@NullMarked
package dev.carillon.relay.store;

import org.jspecify.annotations.NullMarked;
