/**
 * What keeps a provider's failure the provider's: circuit breakers, retry budgets, rate limits, bounded numbers of open calls and bounded memory, of which nobody gets all.
 *
 * <p>Promises that no attempt begins without a permit, that whatever lacks one is told when to come back, spread so that no crowd comes at once, and that
 * every decision costs the same however much waits. Knows this process alone: other instances have states of their own. Never delivers, never
 * counts an attempt, never asks a database.
 */
@NullMarked
package dev.carillon.delivery.containment;

import org.jspecify.annotations.NullMarked;
