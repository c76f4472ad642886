/**
 * What one can do with messages; the only place that opens a transaction. Each answer comes after its commit.
 */
@NullMarked
package dev.carillon.scheduler.message.usecase;

import org.jspecify.annotations.NullMarked;
