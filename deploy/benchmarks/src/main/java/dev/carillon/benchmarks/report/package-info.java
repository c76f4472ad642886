/**
 * What was measured and where: a table for people, JSON for comparisons. Knows nothing of what is measured.
 */
@NullMarked
package dev.carillon.benchmarks.report;

import org.jspecify.annotations.NullMarked;
