/**
 * How HTTP speaks JSON here: strict reading, size limits, trace id in every answer.
 */
@NullMarked
package dev.carillon.kit.http;

import org.jspecify.annotations.NullMarked;
