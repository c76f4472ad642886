/**
 * What the relay tells of itself in numbers.
 */
@NullMarked
package dev.carillon.relay.telemetry;

import org.jspecify.annotations.NullMarked;
