/**
 * What one can do with resources and slots; here their transactions are opened.
 */
@NullMarked
package dev.carillon.booking.availability.usecase;

import org.jspecify.annotations.NullMarked;
