/** The parts of the stack: what each needs, the command that runs it, and how one knows that it is ready. */
@NullMarked
package dev.carillon.local.part;

import org.jspecify.annotations.NullMarked;
