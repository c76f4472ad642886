/**
 * The relay under load: the product's, whole, in this process.
 *
 * <p>Load and relay share this JVM, and all share the machine: figures are lower than a machine of its own would show.
 */
@NullMarked
package dev.carillon.benchmarks.relay;

import org.jspecify.annotations.NullMarked;
