/**
 * How JSON is read and written, everywhere: strictly, with every digit, and only text that can be kept.
 */
@NullMarked
package dev.carillon.kit.json;

import org.jspecify.annotations.NullMarked;
