/**
 * What one can do with bookings; here their transactions are opened. Each answer comes after its commit.
 *
 * <p>Who locks both locks bookings before slots, and each in the order of ids.
 */
@NullMarked
package dev.carillon.booking.reservation.usecase;

import org.jspecify.annotations.NullMarked;
