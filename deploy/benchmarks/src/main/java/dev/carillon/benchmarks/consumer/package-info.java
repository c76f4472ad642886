/** Consumers that de-duplicate, under load: how fast the kit's inbox takes in what a topic holds. */
@NullMarked
package dev.carillon.benchmarks.consumer;

import org.jspecify.annotations.NullMarked;
