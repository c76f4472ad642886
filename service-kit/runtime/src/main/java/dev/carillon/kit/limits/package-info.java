/**
 * What an instance lets in: a rate for each principal and for each tenant, and as many requests at once as it answers in time.
 *
 * <p>Guarantees that a request which is refused here has done nothing, and that what was promised to people is refused last. Everything is counted in
 * this instance's memory: of n instances each grants the same again. Never asks who nobody has authenticated, so that it protects from busy callers and
 * not from strangers.
 */
@NullMarked
package dev.carillon.kit.limits;

import org.jspecify.annotations.NullMarked;
