/**
 * What creating, claiming and staging messages cost in a database with many pending ones and in one with none, by PostgreSQL's own account: the
 * scheduler's statements as it runs them, each with the plan and the buffers that {@code auto_explain} gives.
 */
@NullMarked
package dev.carillon.benchmarks.pending;

import org.jspecify.annotations.NullMarked;
