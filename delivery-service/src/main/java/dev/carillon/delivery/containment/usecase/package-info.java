/**
 * Permits for the attempts of this process, from its settings, with metrics.
 */
@NullMarked
package dev.carillon.delivery.containment.usecase;

import org.jspecify.annotations.NullMarked;
