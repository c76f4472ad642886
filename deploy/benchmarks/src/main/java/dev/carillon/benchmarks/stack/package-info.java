/**
 * Measures the whole product on a local stack of its own: creating, lateness, bursts, and what they cost. Its clients and its receiver are as light
 * as a socket allows, for they share the machine with what they measure.
 */
@NullMarked
package dev.carillon.benchmarks.stack;

import org.jspecify.annotations.NullMarked;
