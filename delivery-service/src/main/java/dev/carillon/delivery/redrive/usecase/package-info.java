/**
 * Beginning, working on and stopping redrives; the only place that opens a transaction.
 */
@NullMarked
package dev.carillon.delivery.redrive.usecase;

import org.jspecify.annotations.NullMarked;
