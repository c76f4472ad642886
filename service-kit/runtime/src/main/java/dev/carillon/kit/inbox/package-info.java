/**
 * Consumers that de-duplicate: the row that says "seen" and the effect commit in one transaction, a whole batch at a time.
 *
 * <p>Guarantees one effect per event id and consumer, and that nothing is dropped in silence: a record that cannot be read or applied goes to
 * {@code <topic>.<group>.dlq}; while the database is away the batch waits and is tried again.
 */
@NullMarked
package dev.carillon.kit.inbox;

import org.jspecify.annotations.NullMarked;
