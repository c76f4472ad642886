/** The booking service, which alone counts places. It follows; nothing is here yet. */
@NullMarked
package dev.carillon.booking;

import org.jspecify.annotations.NullMarked;
