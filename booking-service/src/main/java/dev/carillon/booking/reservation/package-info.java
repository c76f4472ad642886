/**
 * Who has booked what: bookings, their states and what may happen to them. Pure rules, no framework, no clock of its own.
 *
 * <p>Guarantees that a booking holds its places from the moment it is made until it ends, and gives them back once.
 */
@NullMarked
package dev.carillon.booking.reservation;

import org.jspecify.annotations.NullMarked;
