/**
 * Deliveries and their attempts over HTTP.
 */
@NullMarked
package dev.carillon.delivery.attempt.http;

import org.jspecify.annotations.NullMarked;
