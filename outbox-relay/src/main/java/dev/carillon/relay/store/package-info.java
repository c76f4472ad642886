/**
 * The outboxes in PostgreSQL: leases, reading and clearing, parked events, hints.
 *
 * <p>Reads and writes the outbox's tables and nothing else, with the role {@code relay}. Every statement is short: none waits for Kafka.
 */
@NullMarked
package dev.carillon.relay.store;

import org.jspecify.annotations.NullMarked;
