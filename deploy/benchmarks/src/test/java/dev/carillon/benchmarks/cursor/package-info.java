/** The candidate's promises, on real PostgreSQL and Kafka. */
@NullMarked
package dev.carillon.benchmarks.cursor;

import org.jspecify.annotations.NullMarked;
