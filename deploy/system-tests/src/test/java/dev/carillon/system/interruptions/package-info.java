/** Processes that are killed, frozen, taken over and replaced in the middle of their work. */
@NullMarked
package dev.carillon.system.interruptions;

import org.jspecify.annotations.NullMarked;
