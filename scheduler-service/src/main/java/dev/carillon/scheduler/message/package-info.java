/**
 * What a message is and what may happen to it: pure rules, no framework, no clock of its own.
 */
@NullMarked
package dev.carillon.scheduler.message;

import org.jspecify.annotations.NullMarked;
