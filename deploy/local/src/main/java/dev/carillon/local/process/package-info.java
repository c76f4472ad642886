/**
 * Processes that outlive this one: how they are started without a moment in which nobody answers for them, recognised later even
 * though process ids are reused, and ended; and what is still done when this process is gone.
 */
@NullMarked
package dev.carillon.local.process;

import org.jspecify.annotations.NullMarked;
