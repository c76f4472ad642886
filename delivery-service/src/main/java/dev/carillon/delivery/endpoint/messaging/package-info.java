/**
 * The events that are told about endpoints.
 */
@NullMarked
package dev.carillon.delivery.endpoint.messaging;

import org.jspecify.annotations.NullMarked;
