/**
 * Measures the product on this machine, with servers of its own: prints tables and writes JSON. Never asserts a time: what is slow is read,
 * not failed.
 */
@NullMarked
package dev.carillon.benchmarks;

import org.jspecify.annotations.NullMarked;
