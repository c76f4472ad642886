/**
 * What a delivery is, and what an attempt does to it: pure rules, no framework, no clock of its own.
 */
@NullMarked
package dev.carillon.delivery.attempt;

import org.jspecify.annotations.NullMarked;
