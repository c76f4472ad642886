/**
 * The scheduler: owns messages and API keys, and alone decides when.
 *
 * <p>Promises that an accepted message is handed over to delivery once per generation, shortly before its instant, and that a cancellation it has
 * confirmed is final. Never talks to a provider, and never to another service but by events.
 */
@NullMarked
package dev.carillon.scheduler;

import org.jspecify.annotations.NullMarked;
