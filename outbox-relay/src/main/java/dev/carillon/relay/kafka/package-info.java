/**
 * The way into Kafka: events as CloudEvents in binary mode, what each failure means, and which topics are there.
 *
 * <p>Never creates a topic, and never decides about order: whoever calls sends an event of a key only after the one before it.
 */
@NullMarked
package dev.carillon.relay.kafka;

import org.jspecify.annotations.NullMarked;
