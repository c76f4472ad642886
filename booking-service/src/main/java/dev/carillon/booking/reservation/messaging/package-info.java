/**
 * The events about bookings, and what is read of the messages that follow them.
 */
@NullMarked
package dev.carillon.booking.reservation.messaging;

import org.jspecify.annotations.NullMarked;
