/**
 * Makes the channels from their settings, for injection as {@link dev.carillon.delivery.channel.Channels}. Nothing else
 * in delivery names a provider's class.
 */
@NullMarked
package dev.carillon.delivery.channel.wiring;

import org.jspecify.annotations.NullMarked;
