/**
 * Bookings over HTTP.
 */
@NullMarked
package dev.carillon.booking.reservation.http;

import org.jspecify.annotations.NullMarked;
