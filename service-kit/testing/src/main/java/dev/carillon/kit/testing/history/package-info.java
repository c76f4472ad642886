/**
 * What happened to events on their way from a service's transaction over Kafka to a consumer's database, and whether the promises were kept.
 *
 * <p>A {@link dev.carillon.kit.testing.history.Recorder} gathers what was committed, rolled back, published, parked and applied, and which faults were
 * made; {@link dev.carillon.kit.testing.history.HistoryChecker} judges it. The checker knows nothing of relays, tables or inboxes: only of what can
 * be seen from outside. It never waits: a history is judged when everything has come to rest.
 */
@NullMarked
package dev.carillon.kit.testing.history;

import org.jspecify.annotations.NullMarked;
