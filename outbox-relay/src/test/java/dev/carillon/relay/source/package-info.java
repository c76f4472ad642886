/** A source's relay on real PostgreSQL and Kafka. */
@NullMarked
package dev.carillon.relay.source;

import org.jspecify.annotations.NullMarked;
