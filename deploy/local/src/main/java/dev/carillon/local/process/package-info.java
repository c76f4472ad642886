/**
 * Processes that outlive this one: how they are started without a moment in which nobody answers for them, recognised later even
 * though process ids are reused, and ended.
 */
@NullMarked
package dev.carillon.local.process;

import org.jspecify.annotations.NullMarked;
