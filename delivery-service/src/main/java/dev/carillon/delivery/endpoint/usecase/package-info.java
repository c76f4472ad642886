/**
 * Registering, changing, resolving and disabling endpoints; the only place that opens a transaction.
 */
@NullMarked
package dev.carillon.delivery.endpoint.usecase;

import org.jspecify.annotations.NullMarked;
