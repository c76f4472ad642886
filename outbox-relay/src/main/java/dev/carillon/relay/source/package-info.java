/**
 * The sources of this process: settings, what is made of them at start, and the orderly stop.
 *
 * <p>A source that cannot be reached holds up neither the start nor the others: it is tried again, and readiness names it.
 */
@NullMarked
package dev.carillon.relay.source;

import org.jspecify.annotations.NullMarked;
