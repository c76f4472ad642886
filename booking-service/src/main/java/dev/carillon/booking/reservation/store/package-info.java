/**
 * Bookings in PostgreSQL, by statements for groups of rows.
 */
@NullMarked
package dev.carillon.booking.reservation.store;

import org.jspecify.annotations.NullMarked;
