/** Messages while nothing fails: at their instant, cancelled in time, signed, and followed on a stream. */
@NullMarked
package dev.carillon.system.messages;

import org.jspecify.annotations.NullMarked;
