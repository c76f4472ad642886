/**
 * When something can be booked: resources with their hours, and the slots made of them. Pure rules, no framework, no clock of its own.
 *
 * <p>Guarantees that a slot's places are taken only up to its capacity, and that the slots of a day are right and distinct also when the clocks
 * change. Knows nothing of who booked.
 */
@NullMarked
package dev.carillon.booking.availability;

import org.jspecify.annotations.NullMarked;
