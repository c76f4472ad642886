/** Redrives over a real broker. */
@NullMarked
package dev.carillon.relay.deadletter.kafka;

import org.jspecify.annotations.NullMarked;
