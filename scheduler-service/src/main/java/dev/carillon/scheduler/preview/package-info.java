/**
 * Shows what a way to say when means, before anything is scheduled. Schedules nothing and keeps nothing.
 */
@NullMarked
package dev.carillon.scheduler.preview;

import org.jspecify.annotations.NullMarked;
