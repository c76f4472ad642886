/**
 * What delivery reads of staged messages, and the events that it sends about them.
 */
@NullMarked
package dev.carillon.delivery.attempt.messaging;

import org.jspecify.annotations.NullMarked;
