/**
 * What a test sees of traces, without an exporter. Only for modules that trace: the OpenTelemetry SDK is theirs, and does not come with this one.
 */
@NullMarked
package dev.carillon.kit.testing.telemetry;

import org.jspecify.annotations.NullMarked;
