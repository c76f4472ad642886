/**
 * The events' documented schemas, {@code docs/contracts/events}, to hold producers and consumers against.
 */
@NullMarked
package dev.carillon.kit.testing.contract;

import org.jspecify.annotations.NullMarked;
