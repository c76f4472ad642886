/**
 * The booking service: owns resources, slots and bookings, and alone counts places.
 *
 * <p>Promises that places in a slot are never sold beyond its capacity, that a place given back is free once, and that every change of a booking
 * is an event. Never sends a message: the scheduler follows its events. Alone its Telegram bot answers who talks with it.
 */
@NullMarked
package dev.carillon.booking;

import org.jspecify.annotations.NullMarked;
