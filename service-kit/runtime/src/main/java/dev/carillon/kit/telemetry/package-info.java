/**
 * Trace glue: carries W3C trace context through rows and records, where no library can follow, and sees to it that spans of libraries are part of a trace, name
 * nobody and tell of databases by the conventions. And the audit: a line for each action of an operator, with
 * the trace of its request; and {@link dev.carillon.kit.telemetry.LogCategory log lines} that are found by the ids of what they are about. And metrics of
 * requests: how many statements each waits for, labels that have few values whatever clients send, and the buckets of the times that libraries measure.
 */
@NullMarked
package dev.carillon.kit.telemetry;

import org.jspecify.annotations.NullMarked;
