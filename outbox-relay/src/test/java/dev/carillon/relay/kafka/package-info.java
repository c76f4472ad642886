/** The way into Kafka, tried on a real one. */
@NullMarked
package dev.carillon.relay.kafka;

import org.jspecify.annotations.NullMarked;
