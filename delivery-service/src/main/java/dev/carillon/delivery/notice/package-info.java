/**
 * Webhooks that nobody scheduled: the ends of messages and how other endpoints fare, for a tenant's outcomes endpoint, and pings.
 *
 * <p>Guarantees that they are delivered as messages are, and that none of them has an end that is told in turn: nothing here can loop.
 */
@NullMarked
package dev.carillon.delivery.notice;

import org.jspecify.annotations.NullMarked;
