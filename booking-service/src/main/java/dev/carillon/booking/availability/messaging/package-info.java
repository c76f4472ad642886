/**
 * What is told of slots.
 */
@NullMarked
package dev.carillon.booking.availability.messaging;

import org.jspecify.annotations.NullMarked;
