/**
 * The relay under load: its real engine, leases and broker over one way or another of reading the outbox, in this process.
 *
 * <p>Both ways get the same events on the same server, one after the other. Load and relay share this JVM, and all share the machine: figures
 * compare the two ways, and are lower than a machine of its own would show.
 */
@NullMarked
package dev.carillon.benchmarks.relay;

import org.jspecify.annotations.NullMarked;
