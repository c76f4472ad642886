/**
 * The transactional outbox: an event is a row in the same transaction as the change that it tells of.
 *
 * <p>Guarantees that the event exists if and only if the change was committed. Never talks to Kafka: the relay does.
 */
@NullMarked
package dev.carillon.kit.outbox;

import org.jspecify.annotations.NullMarked;
