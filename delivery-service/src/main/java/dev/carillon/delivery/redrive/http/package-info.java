/**
 * Dead letters and redrives over HTTP.
 */
@NullMarked
package dev.carillon.delivery.redrive.http;

import org.jspecify.annotations.NullMarked;
