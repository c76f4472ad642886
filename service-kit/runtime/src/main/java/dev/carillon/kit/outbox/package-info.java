/**
 * The transactional outbox: an event is a row in the same transaction as the change that it tells of.
 *
 * <p>Guarantees that the event exists if and only if the change was committed. Never talks to Kafka: the relay does.
 *
 * <p>The outbox is a table of one partition for each UTC day. {@link dev.carillon.kit.outbox.PartitionKeeper} makes them a week ahead, and takes away the day
 * before yesterday: it detaches it, waits until every lane of the relay has been read beyond it, and only then drops it. An event is never dropped
 * unpublished, whatever is open, stopped or killed meanwhile.
 */
@NullMarked
package dev.carillon.kit.outbox;

import org.jspecify.annotations.NullMarked;
