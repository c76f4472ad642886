/** What the booking service's tests share: its surroundings, what they book, and what the scheduler would say. */
@NullMarked
package dev.carillon.booking.support;

import org.jspecify.annotations.NullMarked;
