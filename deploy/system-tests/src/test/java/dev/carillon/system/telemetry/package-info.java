/** What the running services tell their operators: traces, logs and metrics, and that none of it names people or secrets. */
@NullMarked
package dev.carillon.system.telemetry;

import org.jspecify.annotations.NullMarked;
