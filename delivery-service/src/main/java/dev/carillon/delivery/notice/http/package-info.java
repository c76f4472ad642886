/**
 * Pings over HTTP.
 */
@NullMarked
package dev.carillon.delivery.notice.http;

import org.jspecify.annotations.NullMarked;
