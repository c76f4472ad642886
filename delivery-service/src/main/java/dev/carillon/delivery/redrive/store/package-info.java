/**
 * Redrives in PostgreSQL, and the dead letters that they look at.
 */
@NullMarked
package dev.carillon.delivery.redrive.store;

import org.jspecify.annotations.NullMarked;
