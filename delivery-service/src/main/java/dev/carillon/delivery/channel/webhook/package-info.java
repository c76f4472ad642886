/**
 * Webhooks, as Standard Webhooks describes them (https://www.standardwebhooks.com).
 *
 * <p>It guarantees that every request is signed at the moment it is written, with a secret that no other tenant has, that one message has one {@code webhook-id}
 * whatever its attempts, and that no connection is ever opened to an address that
 * {@link dev.carillon.kit.http.AddressPolicy} refuses: the address that was checked is the one that is
 * dialled, so that a name which resolves differently a moment later changes nothing. No call takes more than its path's share of the connections to a host, so that a path which hangs leaves
 * its neighbours theirs. It never follows a redirect, and sends nothing while it makes a call ready.
 */
@NullMarked
package dev.carillon.delivery.channel.webhook;

import org.jspecify.annotations.NullMarked;
