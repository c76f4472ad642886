/**
 * The ways in which a delivery reaches its receiver: what is handed to a provider, and what the provider made of it.
 *
 * <p>It guarantees that one {@link dev.carillon.delivery.channel.Channel#send send} is one call to one provider, ended
 * by its timeout at the latest, and that everything a provider can do (refuse, stall, lie, vanish) comes back as a
 * {@link dev.carillon.delivery.channel.ProviderAnswer}. An exception is a bug of ours.
 *
 * <p>It never retries, never waits for a permit, never writes to the database: when to call, and what an answer means
 * for the delivery, is decided by whoever calls. This package is pure; the providers' protocols are in its subpackages.
 */
@NullMarked
package dev.carillon.delivery.channel;

import org.jspecify.annotations.NullMarked;
