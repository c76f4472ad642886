/**
 * Prints what a service was started with, without secrets, and warns of environment variables that were meant as settings and are none.
 */
@NullMarked
package dev.carillon.kit.settings;

import org.jspecify.annotations.NullMarked;
