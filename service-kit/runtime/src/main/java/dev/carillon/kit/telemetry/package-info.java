/**
 * Trace glue: carries W3C trace context through rows and records, where no library can follow.
 */
@NullMarked
package dev.carillon.kit.telemetry;

import org.jspecify.annotations.NullMarked;
