/**
 * Accepting, recalling, attempting and recording; the only place that opens a transaction. No transaction is open during a call.
 */
@NullMarked
package dev.carillon.delivery.attempt.usecase;

import org.jspecify.annotations.NullMarked;
