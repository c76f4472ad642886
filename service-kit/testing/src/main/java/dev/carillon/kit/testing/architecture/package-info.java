/**
 * The rules of the house as ArchUnit rules, the same for every module; each says why, and each is proven by a deliberate violator.
 */
@NullMarked
package dev.carillon.kit.testing.architecture;

import org.jspecify.annotations.NullMarked;
