/**
 * Prints what a service was started with, without secrets.
 */
@NullMarked
package dev.carillon.kit.settings;

import org.jspecify.annotations.NullMarked;
