/**
 * Bookings as calendar files (RFC 5545, RFC 5546).
 */
@NullMarked
package dev.carillon.booking.reservation.calendar;

import org.jspecify.annotations.NullMarked;
