/**
 * Resources and slots in PostgreSQL: resources as entities, slots by statements for groups of rows.
 */
@NullMarked
package dev.carillon.booking.availability.store;

import org.jspecify.annotations.NullMarked;
