/**
 * Deliveries in PostgreSQL: hot statement groups as SQL, reads as entities.
 */
@NullMarked
package dev.carillon.delivery.attempt.store;

import org.jspecify.annotations.NullMarked;
