/**
 * The state of channels, providers and receivers over HTTP.
 */
@NullMarked
package dev.carillon.delivery.containment.http;

import org.jspecify.annotations.NullMarked;
