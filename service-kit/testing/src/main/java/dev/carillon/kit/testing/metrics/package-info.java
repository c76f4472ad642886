/** Holds what a service exports at {@code /q/metrics} against its documentation. */
@NullMarked
package dev.carillon.kit.testing.metrics;

import org.jspecify.annotations.NullMarked;
