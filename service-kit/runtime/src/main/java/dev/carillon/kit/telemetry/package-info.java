/**
 * Trace glue: carries W3C trace context through rows and records, where no library can follow. And the audit: a line for each action of an operator, with
 * the trace of its request; and the buckets of request times.
 */
@NullMarked
package dev.carillon.kit.telemetry;

import org.jspecify.annotations.NullMarked;
