/**
 * Resources and slots over HTTP.
 */
@NullMarked
package dev.carillon.booking.availability.http;

import org.jspecify.annotations.NullMarked;
