/**
 * Consumers that de-duplicate: the row that says "seen" and the effect commit in one transaction, a whole batch at a time.
 *
 * <p>Guarantees one effect per event id and consumer, through rebalances, crashes and effects that outlast the session, and that nothing is dropped in
 * silence. What was seen is kept by the day inside the event's id (UUID v7): the id decides, not the arrival, so that the same event finds its row on
 * whichever day it comes again. Days are made a week ahead and dropped after {@link dev.carillon.kit.inbox.InboxSettings#retention}.
 *
 * <ul>
 *   <li>A record that cannot be read or applied goes to {@code <topic>.<group>.dlq}, with {@link dev.carillon.kit.inbox.DeadLetterHeaders};
 *   <li>so does an event that is older than the oldest day ({@code too-old}: whether it was applied cannot be told), or over a week ahead of the
 *       database's clock ({@code from-the-future}: it would need a day that would be kept for as long); neither is ever applied;
 *   <li>when most of a partition's latest records fail, none of them becomes a dead letter: the batch waits, is tried again, and goes on by itself. The
 *       other partitions of the batch are applied meanwhile; later batches of the channel wait, in this instance;
 *   <li>while the database is away the batch waits and is tried again.
 * </ul>
 *
 * <p>Keeps the order of a key: a record that fails holds back the later ones of its key until it has been decided what becomes of it.
 */
@NullMarked
package dev.carillon.kit.inbox;

import org.jspecify.annotations.NullMarked;
