/**
 * Delivery: owns deliveries and their attempts, and alone talks to providers.
 *
 * <p>Promises that a staged message is attempted at its instant and never before, that a call whose outcome is unknown is repeated with the same
 * idempotency key and shown as such, and that nothing is attempted after a confirmed recall. Never decides when a message is due.
 */
@NullMarked
package dev.carillon.delivery;

import org.jspecify.annotations.NullMarked;
