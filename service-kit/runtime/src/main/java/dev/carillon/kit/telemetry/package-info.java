/**
 * Trace glue: carries W3C trace context through rows and records, where no library can follow; and the buckets of request times.
 */
@NullMarked
package dev.carillon.kit.telemetry;

import org.jspecify.annotations.NullMarked;
