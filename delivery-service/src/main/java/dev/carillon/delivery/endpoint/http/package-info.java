/**
 * Webhook endpoints over HTTP.
 */
@NullMarked
package dev.carillon.delivery.endpoint.http;

import org.jspecify.annotations.NullMarked;
