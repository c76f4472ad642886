/**
 * The event envelope: CloudEvents 1.0 in Kafka's binary content mode (attributes as {@code ce_*} headers, JSON payload as the value).
 *
 * <p>Writes every payload in one way ({@link dev.carillon.kit.event.Payloads}) and knows none, nor any product noun: producers document theirs as JSON Schema,
 * consumers own a record of what they read.
 */
@NullMarked
package dev.carillon.kit.event;

import org.jspecify.annotations.NullMarked;
