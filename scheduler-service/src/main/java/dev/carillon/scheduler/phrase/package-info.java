/**
 * Phrases in English that say when: "tomorrow at 9am", "two weeks from friday", "every weekday at 9".
 *
 * <p>A phrase is read whole or refused, by the grammar in {@code docs/phrases.md}: what is not understood entirely is never guessed at, and what has
 * two readings is refused with both. Reading takes microseconds and is bounded by the longest phrase taken. Pure: no clock, no framework, and never
 * an exception for what was typed.
 */
@NullMarked
package dev.carillon.scheduler.phrase;

import org.jspecify.annotations.NullMarked;
