/**
 * Messages in PostgreSQL: a statement for each group of rows, whatever its size.
 */
@NullMarked
package dev.carillon.scheduler.message.store;

import org.jspecify.annotations.NullMarked;
