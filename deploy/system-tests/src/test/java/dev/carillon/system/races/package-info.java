/** Cancels and changes of messages that race with their attempts, and the checker that tells from what was seen whether anybody was told wrong. */
@NullMarked
package dev.carillon.system.races;

import org.jspecify.annotations.NullMarked;
