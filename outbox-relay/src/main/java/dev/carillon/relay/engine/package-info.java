/**
 * The loop of one source: keeps its lanes leased, reads, publishes, settles and parks.
 *
 * <p>One thread per source owns all its state; what the ports answer is posted to it. Guarantees that nothing is sent for a lane after its lease's
 * end by this process's monotonic clock, counted from when the renewal was sent. Knows neither SQL nor Kafka, and never holds a transaction.
 */
@NullMarked
package dev.carillon.relay.engine;

import org.jspecify.annotations.NullMarked;
