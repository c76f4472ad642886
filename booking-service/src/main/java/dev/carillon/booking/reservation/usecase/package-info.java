/**
 * What one can do with bookings; here their transactions are opened. Each answer comes after its commit.
 *
 * <p>Who locks several kinds locks bookings first, then customers whose bookings are limited, then slots; bookings and slots in the order of ids,
 * customers in the order of their numbers. Resources, which only changes of their hours and extra slots lock, come before slots; nobody locks both a resource and
 * a booking. No circle of waiting can come about.
 */
@NullMarked
package dev.carillon.booking.reservation.usecase;

import org.jspecify.annotations.NullMarked;
