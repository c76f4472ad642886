/**
 * The event envelope: CloudEvents 1.0 in Kafka's binary content mode (attributes as {@code ce_*} headers, JSON payload as the value).
 *
 * <p>Knows no payload and no product noun: producers document theirs as JSON Schema, consumers own a record of what they read.
 */
@NullMarked
package dev.carillon.kit.event;

import org.jspecify.annotations.NullMarked;
