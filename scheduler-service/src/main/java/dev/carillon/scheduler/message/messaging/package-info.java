/**
 * The events that the scheduler sends about messages, and what it reads of deliveries.
 */
@NullMarked
package dev.carillon.scheduler.message.messaging;

import org.jspecify.annotations.NullMarked;
